import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { isPlainObject } from "./plain-object.ts";

/** Where a company's machines get what others get from the internet. */
export interface Mirrors {
  /** What stands in place of https://github.com before the paths of releases. @default https://github.com */
  github?: string;
  /** What stands in place of https://dl.k8s.io. @default https://dl.k8s.io */
  kubernetes?: string;
  /** A server laid out like https://get.pulumi.com. @default none: Pulumi's releases come from `github` */
  pulumi?: string;
  /** By the name of an image registry, such as `docker.io`, what stands in place of it before the images' paths. */
  images: Readonly<Record<string, string>>;
}

/** The registry that a mirror of images is on, such as `mirror.example.com:8443`. */
export const registryOfMirror = (mirror: string): string => mirror.replace(/^http:\/\//, "").replace(/\/.*$/, "");

/** Mirrors that are not set in a way that can be used. The message has the place, the value, and the remedy. */
export class MirrorsError extends Error {
  override readonly name = "MirrorsError";
}

const fileName = "mirrors.yaml";

/** The environment variable of each key of the file, which goes before it. */
const variables = {
  github: "FLEET_GITHUB_URL",
  kubernetes: "FLEET_KUBERNETES_URL",
  pulumi: "FLEET_PULUMI_URL",
  images: "FLEET_IMAGE_MIRRORS",
} as const;

const urlKeys = ["github", "kubernetes", "pulumi"] as const;

/**
 * Reads the mirrors from the environment, and from `mirrors.yaml` in the project's folder.
 *
 * @throws MirrorsError
 */
export function readMirrors(env: NodeJS.ProcessEnv = process.env, folder = dirname(import.meta.dirname)): Mirrors {
  const path = join(folder, fileName);
  const text = existsSync(path) ? readFileSync(path, "utf8") : "";
  return parseMirrors(text, env);
}

/** Reads the mirrors from the text of the file, and from environment variables. @throws MirrorsError */
export function parseMirrors(text: string, env: NodeJS.ProcessEnv): Mirrors {
  const file = parseFile(text);
  const unknown = Object.keys(file).find((key) => !(key in variables));
  if (unknown !== undefined) {
    throw new MirrorsError(`${fileName} has "${unknown}"; choose from ${Object.keys(variables).join(", ")}.`);
  }
  const mirrors: Mirrors = { images: { ...imagesOf(file.images), ...imagesIn(env[variables.images]) } };
  for (const key of urlKeys) {
    const [place, value] = env[variables[key]]
      ? [variables[key], env[variables[key]]]
      : [`${fileName}: ${key}`, file[key]];
    if (value !== undefined && value !== null) mirrors[key] = checkUrl(place, value);
  }
  return mirrors;
}

function parseFile(text: string): Record<string, unknown> {
  let content: unknown;
  try {
    content = parse(text);
  } catch (error) {
    throw new MirrorsError(`${fileName} is not valid YAML: ${(error as Error).message}`);
  }
  if (content === undefined || content === null) return {};
  if (isPlainObject(content)) return content;
  throw new MirrorsError(`${fileName} must have the keys ${Object.keys(variables).join(", ")}.`);
}

function checkUrl(place: string, value: unknown): string {
  const url = typeof value === "string" && URL.canParse(value) ? new URL(value) : undefined;
  const usable = url && (url.protocol === "https:" || url.protocol === "http:") && url.search === "" && url.hash === "";
  if (!usable) {
    throw new MirrorsError(
      `${place} is ${JSON.stringify(value)}; it must be a URL, such as https://mirror.example.com/github.`,
    );
  }
  if (url.username !== "" || url.password !== "") {
    throw new MirrorsError(`${place} has a user's name or password; put it into ~/.netrc instead.`);
  }
  return url.href.replace(/\/+$/, "");
}

function imagesOf(value: unknown): Record<string, string> {
  if (value === undefined || value === null) return {};
  const place = `${fileName}: images`;
  if (!isPlainObject(value)) {
    throw new MirrorsError(`${place} must be a map, such as { docker.io: mirror.example.com/docker-hub }.`);
  }
  return Object.fromEntries(Object.entries(value).map(([registry, mirror]) => checkImages(place, registry, mirror)));
}

function imagesIn(variable = ""): Record<string, string> {
  const parts = variable.split(",").filter((part) => part.trim() !== "");
  return Object.fromEntries(
    parts.map((part) => {
      const [registry = "", mirror] = part.trim().split("=", 2);
      return checkImages(variables.images, registry, mirror);
    }),
  );
}

const registryName = /^[a-z0-9.-]+(:\d+)?$/;
const mirrorName = /^(?<insecure>http:\/\/)?[a-z0-9.-]+(:\d+)?(\/[a-z0-9._/-]*[a-z0-9])?$/;

function checkImages(place: string, registry: string, mirror: unknown): [string, string] {
  if (!registryName.test(registry)) {
    throw new MirrorsError(`${place} has "${registry}", which is no registry; write a name such as docker.io.`);
  }
  if (typeof mirror !== "string" || !mirrorName.test(mirror)) {
    throw new MirrorsError(
      `${place} has ${JSON.stringify(mirror ?? null)} for ${registry}; ` +
        "write a registry and a path without https://, such as mirror.example.com/docker-hub.",
    );
  }
  return [registry, mirror];
}
