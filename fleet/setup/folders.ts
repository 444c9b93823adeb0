import { chmod, mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";

/** The project's folder, with `Pulumi.yaml` and the stack files. */
export const projectFolder = dirname(dirname(import.meta.dirname));

/** What is kept in the project's folder and not in git: Pulumi's home, and the local state. */
const keptFolder = join(projectFolder, ".fleet");

/** Pulumi's home: the tools, its plugins, and which stack is selected. */
export const pulumiHome = join(keptFolder, "pulumi-home");

/** The local state; see local-backend.ts. */
export const stateFolder = join(keptFolder, "state");

/** Creates the folders of the local state, readable by this user only. */
export async function prepareFolders(): Promise<void> {
  for (const folder of [keptFolder, pulumiHome, stateFolder]) {
    await mkdir(folder, { recursive: true });
    await chmod(folder, 0o700); // mkdir leaves the mode of an existing folder as it is
  }
}
