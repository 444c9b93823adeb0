import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join, sep } from "node:path";
import { isSecure } from "../../config/check-service-values.ts";
import { secretKubeconfig } from "../../config/existing-cluster-config.ts";
import { blockOf } from "../../config/raw-config.ts";
import { readStackFiles } from "../../config/stack-files.ts";
import { stackFileName } from "../../config/stack-name.ts";
import { projectFolder, temporaryRoot } from "../setup/folders.ts";
import { temporaryFolderOfPulumi } from "../setup/temporary-folders.ts";
import { UserError } from "../user-error.ts";
import { userMessageOf } from "./diagnostics.ts";
import { openWorkspace } from "./open-workspace.ts";

/** The file that has the kubeconfig of a stack whose file has it as a secret, once it is unlocked. */
const fileOf = (stack: string): string => join(temporaryRoot, String(process.pid), "kubeconfigs", stack);

/** The paths that stack files have in place of a secret by now; undefined for the user's own kubeconfig. */
const paths = new Map<string, string | undefined>();

/** Where a stack's kubeconfig is, by what its outputs, its state or its file say. */
export function kubeconfigFile(stack: string, place: string | undefined): string | undefined {
  if (place !== secretKubeconfig) return place;
  return paths.has(stack) ? paths.get(stack) : fileOf(stack);
}

/** Whether a kubeconfig is a secret that no stack file has any more: then only Pulumi can read it, in the state. */
export const isLocked = (file: string): boolean => file.startsWith(temporaryRoot + sep) && !existsSync(file);

/**
 * Has Pulumi decrypt the kubeconfigs that stack files have as secrets, into files that only this user can read, and that
 * go with this process. What was a secret at the last `up` and is none any more is found where the file says now.
 *
 * @param stacks names of stacks that the backend knows
 * @throws UserError when one can't be decrypted
 */
export async function unlockKubeconfigs(stacks: readonly string[]): Promise<void> {
  const { raws } = await readStackFiles(projectFolder);
  const places = new Map([...raws].map(([stack, { cluster }]) => [stack, blockOf(cluster).kubeconfig]));
  for (const [stack, place] of places) {
    if (!isSecure(place)) paths.set(stack, typeof place === "string" ? place : undefined);
  }
  const locked = stacks.filter((stack) => isSecure(places.get(stack)));
  if (locked.length === 0) return;
  temporaryFolderOfPulumi();
  const workspace = await openWorkspace();
  const { name: project } = await workspace.projectSettings();
  for (const stack of locked) {
    const key = `${project}:cluster.kubeconfig`;
    try {
      const { value } = await workspace.getConfig(stack, key, true);
      await mkdir(dirname(fileOf(stack)), { recursive: true, mode: 0o700 });
      await writeFile(fileOf(stack), value, { mode: 0o600 });
    } catch (error) {
      throw new UserError(`${stackFileName(stack)}: ${key} can't be read: ${userMessageOf(error)}`);
    }
  }
}
