import { chmod, copyFile, link } from "node:fs/promises";
import { join } from "node:path";
import { versions } from "../../versions.ts";
import { cacheEntry, fillEntry, isCached } from "../core/cache.ts";
import { contentKey } from "../core/content-key.ts";
import { ownFile } from "../core/paths.ts";
import type { Step } from "../core/steps.ts";
import { ToolchainError } from "../core/toolchain-error.ts";
import { buildProgram, type GoProgram, moduleFolder, programEntry, programFile } from "./go-program.ts";
import { missingGo } from "./required-go.ts";

/** A file that is made on this machine, and kept in the cache. */
export interface Artifact {
  name: string;
  /** Its folder in the cache. */
  entry: string;
  /** The path of the file in that folder. */
  file: string;
  /** How long making it takes on two cores, with nothing cached. */
  knownSeconds: number;
  /** Makes it in a temporary folder, which then becomes `entry`. `go` is the path of the go command. */
  make(go: string | undefined, folder: string, log: string): Promise<void>;
}

/** A program built by Go, as an artifact. */
export function built(program: GoProgram): Artifact {
  return {
    name: program.name,
    entry: programEntry(program),
    file: programFile(program),
    knownSeconds: program.knownSeconds,
    make: (go, folder, log) => buildProgram(program, requireGo(go, program.name), folder, log),
  };
}

/** The script that runs dynamic providers. It is part of Pulumi's SDK module; Pulumi looks for it in its own folder. */
export function dynamicProviderLauncher(): Artifact {
  const name = "pulumi-resource-pulumi-nodejs";
  const entry = cacheEntry(name, versions.pulumi, contentKey(name, versions.pulumi));
  return {
    name,
    entry,
    file: join(entry, name),
    knownSeconds: 1,
    async make(go, folder) {
      const module = ownFile("go", "modules", "pulumi");
      const sdk = await moduleFolder(requireGo(go, name), module, "github.com/pulumi/pulumi/sdk/v3");
      await copyFile(join(sdk, "nodejs", "dist", name), join(folder, name));
      await chmod(join(folder, name), 0o755);
    },
  };
}

/**
 * Puts artifacts, which must have been made, into one folder, since a program like Pulumi looks for others in its own.
 * The files are hard links, so this is quick.
 *
 * @returns the folder
 */
export async function bundle(name: string, version: string, artifacts: readonly Artifact[]): Promise<string> {
  const entry = cacheEntry(`${name}-built`, version, contentKey(artifacts.map((artifact) => artifact.entry)));
  if (isCached(entry)) return entry;
  await fillEntry(entry, async (folder) => {
    for (const artifact of artifacts) await link(artifact.file, join(folder, artifact.name));
  });
  return entry;
}

/** The steps that make those artifacts that are not in the cache. */
export function stepsToMake(artifacts: readonly Artifact[], go: string | undefined): Step[] {
  return artifacts
    .filter(({ entry }) => !isCached(entry))
    .map((artifact) => ({
      name: artifact.name,
      doing: "building",
      knownSeconds: artifact.knownSeconds,
      run: (log) => fillEntry(artifact.entry, (folder) => artifact.make(go, folder, log)),
    }));
}

function requireGo(go: string | undefined, purpose: string): string {
  if (go === undefined) throw new ToolchainError(missingGo(purpose));
  return go;
}
