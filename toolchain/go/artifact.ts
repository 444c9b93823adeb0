import { chmod, copyFile, link } from "node:fs/promises";
import { join } from "node:path";
import { cacheEntry, fillEntry, isCached } from "../core/cache.ts";
import { ToolchainError } from "../core/toolchain-error.ts";
import { contentKey } from "../core/content-key.ts";
import { ownFile } from "../core/paths.ts";
import type { Step } from "../core/steps.ts";
import { versions } from "../../versions.ts";
import { binaryEntry, binaryFile, buildBinary, moduleFolder } from "./go-binary.ts";
import type { GoBinary } from "./go-binary.ts";

/** One executable that is made here, and kept in the cache. */
export interface Artifact {
  name: string;
  /** The cache's folder for it. */
  entry: string;
  /** The executable in it. */
  file: string;
  knownSeconds: number;
  make(go: string | undefined, folder: string, log: string): Promise<void>;
}

/** A program built by Go. */
export function built(binary: GoBinary): Artifact {
  return {
    name: binary.name,
    entry: binaryEntry(binary),
    file: binaryFile(binary),
    knownSeconds: binary.knownSeconds,
    make: (go, folder, log) => buildBinary(binary, requireGo(go, binary.name), folder, log),
  };
}

/** The script that runs dynamic providers: Pulumi's SDK module carries it, and it goes beside the CLI. */
export function dynamicProviderLauncher(): Artifact {
  const name = "pulumi-resource-pulumi-nodejs";
  const entry = cacheEntry(name, versions.pulumi, contentKey(name, versions.pulumi));
  return {
    name,
    entry,
    file: join(entry, name),
    knownSeconds: 1,
    async make(go, folder) {
      const sdk = await moduleFolder(
        requireGo(go, name),
        ownFile("go", "modules", "pulumi"),
        "github.com/pulumi/pulumi/sdk/v3",
      );
      await copyFile(join(sdk, "nodejs", "dist", name), join(folder, name));
      await chmod(join(folder, name), 0o755);
    },
  };
}

/**
 * A folder with all of these side by side, once they are there: a program looks for its companions where it lies
 * itself. Making it takes no time, since its files are links to theirs.
 */
export async function bundle(name: string, version: string, artifacts: readonly Artifact[]): Promise<string> {
  const entry = cacheEntry(`${name}-built`, version, contentKey(artifacts.map((artifact) => artifact.entry)));
  if (isCached(entry)) return entry;
  await fillEntry(entry, async (folder) => {
    for (const artifact of artifacts) await link(artifact.file, join(folder, artifact.name));
  });
  return entry;
}

/** The work that is left to have these. */
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

/** What to do where Go is needed and not there. */
export function missingGo(purpose: string): string {
  return `Building ${purpose} takes Go 1.26 or newer, which is not installed. Get it from https://go.dev/dl/.`;
}
