import { writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { isSecure } from "../../config/check-service-values.ts";
import { type ExistingClusterConfig, secretKubeconfig } from "../../config/existing-cluster-config.ts";
import type { KubectlTarget } from "../../host/kubectl.ts";
import { inTemporaryFolder } from "../../host/temporary-folder.ts";

/** What relative paths in stack files start from. */
const projectFolder = dirname(dirname(import.meta.dirname));

/** How kubectl finds a cluster by what a stack's outputs, or its state, say of it. */
export const existingTarget = ({ context, kubeconfig }: KubectlTarget): KubectlTarget =>
  kubeconfig === undefined ? { context } : { context, kubeconfig: wholePath(kubeconfig) };

const wholePath = (path: string): string => resolve(projectFolder, path.replace(/^~(?=\/)/, homedir()));

/** Where a stack's outputs and its state say that its kubeconfig is. */
export const kubeconfigPlace = ({ kubeconfig }: Pick<ExistingClusterConfig, "kubeconfig">): string | undefined =>
  isSecure(kubeconfig) ? secretKubeconfig : kubeconfig;

/** A cluster as kubectl finds it, and what messages call the kubeconfig. */
export interface TitledTarget extends KubectlTarget {
  /** @default its path */
  title?: string;
}

/** Does some work on a cluster that a stack's program knows: what is secret is in a file for that long. */
export async function withTarget<T>(
  { context, kubeconfig }: Pick<ExistingClusterConfig, "context" | "kubeconfig">,
  work: (target: TitledTarget) => Promise<T>,
): Promise<T> {
  if (!isSecure(kubeconfig)) return work(existingTarget({ context, kubeconfig }));
  return inTemporaryFolder("fleet-kubeconfig-", async (folder) => {
    const file = join(folder, "config");
    await writeFile(file, kubeconfig.secure, { mode: 0o600 });
    return work({ context, kubeconfig: file, title: "the secret kubeconfig" });
  });
}
