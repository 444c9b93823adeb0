import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
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

/** Where a stack's kubeconfig is, by what its outputs, its state or its file say. */
export const kubeconfigFile = (stack: string, place: string | undefined): string | undefined =>
  place === secretKubeconfig ? fileOf(stack) : place;

/**
 * Has Pulumi decrypt the kubeconfigs that stack files have as secrets, into files that only this user can read, and that
 * go with this process.
 *
 * @param stacks names of stacks that the backend knows
 * @throws UserError when one can't be decrypted
 */
export async function unlockKubeconfigs(stacks: readonly string[]): Promise<void> {
  const { raws } = await readStackFiles(projectFolder);
  const locked = stacks.filter((stack) => isSecure(blockOf(raws.get(stack)?.cluster).kubeconfig));
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
