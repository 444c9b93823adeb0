import { createHash } from "node:crypto";
import { basename, relative, resolve } from "node:path";
import { withoutUndefined } from "../host/without-undefined.ts";
import type { BuildConfig, ServiceConfig } from "./service-config.ts";

/** An image that a stack builds, once for all services that use it. */
export interface ImageBuild {
  /** Its name in the stack's registry, and its resource's: the same as long as what it is built from is. */
  name: string;
  /** Absolute. */
  context: string;
  /** Absolute. @default the context's `Dockerfile` */
  dockerfile?: string;
  /** @default the last stage */
  target?: string;
  args: Record<string, string>;
  /** @default the engine's */
  platform?: string;
}

/** The longest slug of an image's name, in characters. */
const longestSlug = 40;

/** Every distinct build of the services. @param folder the stack file's folder */
export function planBuilds(services: readonly ServiceConfig[], folder: string): ImageBuild[] {
  const builds = services.flatMap(({ build }) => (build === undefined ? [] : imageBuild(build, folder)));
  return [...new Map(builds.map((build) => [build.name, build])).values()];
}

/** What an image is built from, with its name. */
export function imageBuild(
  { context, dockerfile, target, args = {}, platform }: BuildConfig,
  folder: string,
): ImageBuild {
  const from = resolve(folder, context);
  const file = dockerfile === undefined ? undefined : resolve(from, dockerfile);
  const sorted = Object.fromEntries(Object.entries(args).sort(([one], [other]) => (one < other ? -1 : 1)));
  // Seen from the stack file's folder, so that another checkout gives the same name.
  const place = [relative(folder, from), file && relative(from, file), target, sorted, platform];
  const name = `${slugOf(basename(from))}-${hashOf(place)}`;
  return withoutUndefined({ name, context: from, dockerfile: file, target, args: sorted, platform });
}

/** The name in the stack's registry of an image that exists already. */
export const mirrorName = (reference: string): string => `${slugOf(basename(reference))}-${hashOf(reference)}`;

const hashOf = (value: unknown): string => createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 8);

/** The part of a repository's name that people recognise. */
function slugOf(text: string): string {
  const slug = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .slice(0, longestSlug)
    .replaceAll(/^-+|-+$/g, "");
  return slug === "" ? "image" : slug;
}
