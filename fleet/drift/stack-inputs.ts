import { createHash } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import type { StackFiles } from "../../config/read-stacks.ts";
import type { StackConfig } from "../../config/stack-config.ts";
import { localStackName, stackFileName } from "../../config/stack-name.ts";
import { exposedAuthorityOf, exposedUrlOf } from "../../config/together.ts";
import { isPlainObject } from "../../host/plain-object.ts";
import { placeHere } from "../../infra/ownership/place.ts";
import { extraFile } from "../../stacks/extra-file.ts";
import { identityImage, resolveImages } from "../../stacks/images.ts";
import { serviceOutputs, type StackOutputs } from "../../stacks/outputs.ts";
import { contextDigest } from "../../toolchain/index.ts";

/** What the program is made of, besides the stack files: whatever of it changes may change what it declares. */
const programFiles = [
  "{config,host,infra,stacks}/**/*",
  "service/{Dockerfile,build.ts,package.json}",
  "service/src/**/*",
  "{Pulumi.yaml,package.json,package-lock.json,versions.ts}",
];

/** What is known of the stacks that others refer to. */
export interface Peers {
  /** Those that are brought up in the same run. */
  together: readonly string[];
  /** What the others were last brought up with, by name. */
  outputs: ReadonlyMap<string, StackOutputs>;
}

/**
 * A hash of all that decides what the program declares for a stack: its code, the stack's file, what its peers expose,
 * what its images are built from, and where it runs. Undefined when that can't be told without running the program: a
 * stack with resources of the user's own, or with peers of other projects.
 *
 * @param folder the project's, absolute
 */
export async function inputsOf(
  config: StackConfig,
  { project, configs }: StackFiles,
  peers: Peers,
  folder: string,
): Promise<string | undefined> {
  const { stack, services } = config;
  if (extraFile(folder, stack) !== undefined) return undefined;
  const references = config.peers.flatMap((peer) => (peer.stack === undefined ? [] : peer.stack));
  const targets = references.map((reference) => {
    const name = localStackName(reference, project);
    const beside = name !== undefined && peers.together.includes(name) ? configs.get(name) : undefined;
    if (beside !== undefined) return [exposedUrlOf(beside), exposedAuthorityOf(beside), serviceOutputs(beside)];
    const outputs = peers.outputs.get(name ?? "");
    return [outputs?.exposedUrl, outputs?.caCertificate, outputs?.services];
  });
  if (targets.some(([exposedUrl]) => exposedUrl === undefined)) return undefined;
  const files = services.flatMap(({ files: mounted = {} }) => Object.values(mounted));
  return hashOf([
    digestOf(programFiles, folder),
    settingsIn(readFileSync(join(folder, stackFileName(stack)), "utf8")),
    placeHere(),
    process.env.PULUMI_BACKEND_URL,
    targets,
    await imagesOf(config, folder),
    files.map((file) => hashOf(readFileSync(resolve(folder, file)))),
  ]);
}

/** What a stack's file says. While Pulumi runs, the file may have a salt, other quotes, and another order of keys. */
function settingsIn(text: string): unknown {
  const settings: unknown = parse(text, { merge: true });
  return isPlainObject(settings) ? { ...settings, encryptionsalt: undefined } : settings;
}

/** What the stack's images are built from, and what the engine has of them. */
async function imagesOf({ services }: StackConfig, folder: string): Promise<unknown> {
  const serviceContext = join(folder, "service");
  // What the nodes have does not change as long as they are the same.
  const known = { nodesLackSkipper: false, mayPull: false };
  const { all } = await resolveImages(services, { folder, serviceContext, ...known });
  return all.map((build) => {
    const dockerfile = build.dockerfile ?? join(build.context, "Dockerfile");
    // The identity service's files are among the program's.
    return [build, build.name === identityImage ? "" : contextDigest(build.context, dockerfile)];
  });
}

/** A hash of files: of their paths and contents. @param patterns seen from the folder */
function digestOf(patterns: readonly string[], folder: string): string {
  const paths = globSync(patterns, { cwd: folder, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  return hashOf(paths.map((path) => [path.slice(folder.length), hashOf(readFileSync(path))]));
}

/** Puts an object's keys in alphabetical order. */
const inOrder = (_key: string, value: unknown): unknown =>
  isPlainObject(value)
    ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
    : value;

const hashOf = (value: unknown): string =>
  createHash("sha256")
    .update(Buffer.isBuffer(value) ? value : JSON.stringify(value, inOrder))
    .digest("hex");
