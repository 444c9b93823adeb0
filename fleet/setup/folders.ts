import { chmod, mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";

/** The project's folder, with `Pulumi.yaml` and the stack files. */
export const projectFolder = dirname(dirname(import.meta.dirname));

/** What is kept in the project's folder and not in git: Pulumi's home, and the local state, above all. */
export const keptFolder = join(projectFolder, ".fleet");

/** Pulumi's home: the tools, its plugins, and which stack is selected. */
export const pulumiHome = join(keptFolder, "pulumi-home");

/** The local state; see local-backend.ts. */
export const stateFolder = join(keptFolder, "state");

/** Temporary folders of Pulumi and its plugins, one for each process; see temporary-folders.ts. */
export const temporaryRoot = join(keptFolder, "tmp");

/** What `npm run env` puts into the PATH of a shell before all else: a pulumi that has what it needs around it. */
export const shellBin = join(keptFolder, "bin");

/** What was found out about Docker engines; see engine-location.ts. */
export const knownEnginesFile = join(keptFolder, "engines.json");

/** Creates the folders of the local state, readable by this user only. */
export async function prepareFolders(): Promise<void> {
  for (const folder of [keptFolder, pulumiHome, stateFolder, temporaryRoot, shellBin]) {
    await mkdir(folder, { recursive: true });
    await chmod(folder, 0o700); // mkdir leaves the mode of an existing folder as it is
  }
}
