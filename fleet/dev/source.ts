import { join, relative, sep } from "node:path";
import { imageBuild, type ImageBuild as PlannedBuild, planBuilds } from "../../config/image-plan.ts";
import type { ServiceConfig } from "../../config/service-config.ts";
import type { StackConfig } from "../../config/stack-config.ts";
import { ignoredIn, type IsIgnored } from "../../host/dockerignore.ts";
import { openServiceBundler } from "../../service/build.ts";
import { images } from "../../versions.ts";
import { nodeInImage } from "../proof/call-from-pod.ts";
import type { NodeProcess } from "./dev-mode.ts";

/** What a change of a file means: new code for running pods, a new image, or nothing. */
export type ChangeKind = "code" | "image" | "nothing";

/** What `docker build` needs, besides a name for the image. */
export type ImageBuild = Omit<PlannedBuild, "name" | "args"> & Partial<Pick<PlannedBuild, "args">>;

/** Something that is built from a folder of files, and run by services. */
export interface Source {
  /** The image's repository in each cluster's registry. */
  name: string;
  /** Absolute path of the folder that is watched. */
  folder: string;
  /** Absolute paths outside the folder that are watched, too. @default none */
  otherFiles?: readonly string[];
  /** The services that run it, as `namespace/name`, by stack. */
  services: ReadonlyMap<string, readonly string[]>;
  /** How its code is swapped inside running pods. @default each change is a roll-out of an image */
  swap?: NodeProcess;
  /** What a change of a file means, by its absolute path. */
  kindOf: (path: string) => ChangeKind;
  /**
   * Prepares the build of its image.
   *
   * @returns `code`: what a pod's Node runs, for a source with `swap`
   * @throws the builder's error, with all that it says
   */
  prepare: () => Promise<{ build: ImageBuild; code?: string }>;
  dispose: () => Promise<void>;
}

/** What is never part of a source: an editor's drafts, other tools' folders. */
const noise =
  /(^|\/)(node_modules|\.git|\.idea|\.vscode)(\/|$)|(~|\.sw[a-z]|\.tmp|\.DS_Store)$|(^|\/)(4913|sed\w{6}|\.#[^/]*|#[^/]*#)$/;

/** True for a path, relative to a source's folder, that is not looked at. */
export const isNoise = (path: string): boolean => noise.test(path.split(sep).join("/"));

/**
 * Everything that stacks build.
 *
 * @param configs the stacks
 * @param projectFolder absolute path
 * @param rollOut deploys images only, as for a source without `swap`
 */
export async function sourcesOf(
  configs: ReadonlyMap<string, StackConfig>,
  projectFolder: string,
  rollOut: boolean,
): Promise<Source[]> {
  const plans = new Map([...configs].map(([stack, { services }]) => [stack, planBuilds(services, projectFolder)]));
  const builds = new Map([...plans.values()].flat().map((build) => [build.name, build]));
  const ofDockerfiles = [...builds.values()].map(({ name, ...build }) => {
    const users = usersIn(
      configs,
      ({ build: own }) => own !== undefined && imageBuild(own, projectFolder).name === name,
    );
    return dockerfileSource(
      name,
      build,
      users,
      ignoredIn(build.context, build.dockerfile ?? join(build.context, "Dockerfile")),
    );
  });
  return [...(await identitySource(configs, join(projectFolder, "service"), rollOut)), ...ofDockerfiles];
}

/** The services of each stack that a source is for, as `namespace/name`. */
const usersIn = (
  configs: ReadonlyMap<string, StackConfig>,
  uses: (service: ServiceConfig) => boolean,
): Source["services"] =>
  new Map(
    [...configs].map(([stack, { services }]) => [
      stack,
      services.filter(uses).map(({ namespace, name }) => `${namespace}/${name}`),
    ]),
  );

/** The identity service, if any stack has one. @param folder its absolute path */
async function identitySource(
  configs: ReadonlyMap<string, StackConfig>,
  folder: string,
  rollOut: boolean,
): Promise<Source[]> {
  const services = usersIn(configs, ({ build, image }) => build === undefined && image === undefined);
  if ([...services.values()].every((names) => names.length === 0)) return [];
  const bundler = await openServiceBundler();
  return [
    {
      name: "identity",
      folder,
      services,
      swap: rollOut ? undefined : { node: nodeInImage, entry: "/app/server.js" },
      kindOf: (path) => kindOfServiceFile(relative(folder, path), rollOut),
      prepare: async () => {
        const { context, code } = await bundler.bundle();
        return { build: { context, args: { BASE: images.serviceBase } }, code };
      },
      dispose: bundler.dispose,
    },
  ];
}

/**
 * A source that is built by a Dockerfile: every change of its context is a roll-out.
 *
 * @param name the image's repository
 * @param services the services that run it, as `namespace/name`, by stack
 * @param isIgnored whether the build leaves a path out, seen from the context and with `/` between its parts
 */
export function dockerfileSource(
  name: string,
  build: ImageBuild,
  services: Source["services"],
  isIgnored: IsIgnored,
): Source {
  const { context, dockerfile } = build;
  return {
    name,
    folder: context,
    otherFiles: dockerfile === undefined || isInside(context, dockerfile) ? [] : [dockerfile],
    services,
    kindOf: (path) => {
      // A Dockerfile is read even where the context leaves it out.
      if (path === (dockerfile ?? join(context, "Dockerfile"))) return "image";
      const seen = relative(context, path).split(sep).join("/");
      return isNoise(seen) || isIgnored(seen) ? "nothing" : "image";
    },
    prepare: () => Promise.resolve({ build }),
    dispose: () => Promise.resolve(),
  };
}

const isInside = (folder: string, path: string): boolean => !relative(folder, path).startsWith("..");

/** What a change of one of the service's own files means. Of its folder, only some files are built. */
export function kindOfServiceFile(path: string, rollOut: boolean): ChangeKind {
  const name = path.split(sep).join("/");
  if (isNoise(name)) return "nothing";
  if (name === "Dockerfile") return "image";
  if (name.startsWith("src/") || name === "package.json") return rollOut ? "image" : "code";
  return "nothing";
}
