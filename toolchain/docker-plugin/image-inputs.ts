import { existsSync } from "node:fs";
import { join } from "node:path";
import { machinePlatform } from "../../host/docker-build.ts";
import { contextDigest } from "./context-digest.ts";
import { isUnknown, plain } from "./pulumi-values.ts";

/** The inputs as Pulumi's engine sends them: any value may be unknown or secret. */
export type RawInputs = Record<string, unknown>;

/** A user of a registry. */
export interface RegistryLogin {
  /** The registry's host and port. */
  server: string;
  username: string;
  password: string;
}

/** The inputs when all are known, without the wrappers of secrets. */
export interface ImageInputs {
  imageName: string;
  skipPush: boolean;
  /** Who pushes. @default the docker command's own login does */
  registry?: RegistryLogin;
  build: {
    context: string;
    /** A hash of all that the build reads. */
    contextDigest: string;
    dockerfile: string;
    platform: string;
    /** A stage of the Dockerfile. @default the last one */
    target?: string;
    args: Record<string, string>;
  };
}

/**
 * A problem of an input, as Pulumi's protocol has it. Its engine prints the value of the property that is named, which
 * may be secret, so `property` is empty and the reason has the path.
 */
export interface CheckFailure {
  property: "";
  reason: string;
}

const failure = (path: string, reason: string): CheckFailure => ({ property: "", reason: `${path}: ${reason}` });

const known = ["imageName", "build", "skipPush", "buildOnPreview", "registry", "__defaults"];
const knownOfBuild = ["context", "dockerfile", "args", "platform", "target", "contextDigest", "__defaults"];

/** Fills in what the official plugin fills in, and finds what this one can't do. */
export function checkInputs(raw: RawInputs): { inputs: RawInputs; failures: CheckFailure[] } {
  const failures = refuse(raw);
  if (failures.length > 0) return { inputs: raw, failures };
  const given = (raw.build ?? {}) as RawInputs;
  const build: RawInputs = { platform: machinePlatform(), ...given };
  const { context, dockerfile } = plain(build) as RawInputs;
  if (!isUnknown(context) && !isUnknown(dockerfile)) {
    const folder = typeof context === "string" ? context : ".";
    const file = typeof dockerfile === "string" ? dockerfile : join(folder, "Dockerfile");
    if (!existsSync(file)) failures.push(failure("build.dockerfile", `there is no file ${file}`));
    else Object.assign(build, { context: folder, dockerfile: file, contextDigest: contextDigest(folder, file) });
  }
  return { inputs: { skipPush: false, buildOnPreview: false, ...raw, build }, failures };
}

function refuse(raw: RawInputs): CheckFailure[] {
  const build = plain(raw.build) as RawInputs | undefined;
  const unknownKeys = [
    ...Object.keys(raw).filter((key) => !known.includes(key)),
    ...Object.keys(build ?? {})
      .filter((key) => !knownOfBuild.includes(key))
      .map((key) => `build.${key}`),
  ];
  const failures = unknownKeys.map((path) => failure(path, "the docker plugin's stand-in does not know it"));
  const registry = plain(raw.registry) as Record<string, unknown> | undefined;
  const missing = registry === undefined ? [] : ["server", "username", "password"].filter((key) => !(key in registry));
  for (const key of missing) failures.push(failure(`registry.${key}`, "is required"));
  if (raw.imageName === undefined) failures.push(failure("imageName", "is required"));
  if (plain(raw.buildOnPreview) === true) {
    failures.push(failure("buildOnPreview", "the docker plugin's stand-in builds on update only"));
  }
  return failures;
}

/** Reads the result of {@link checkInputs}, when all of it is known. */
export function readInputs(raw: RawInputs): ImageInputs {
  type Checked = Omit<ImageInputs, "build"> & {
    build: Omit<ImageInputs["build"], "args"> & { args?: Record<string, string> };
  };
  const { imageName, skipPush, registry, build } = plain(raw) as Checked;
  return { imageName, skipPush, registry, build: { ...build, args: build.args ?? {} } };
}
