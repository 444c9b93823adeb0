import { homedir } from "node:os";
import { dirname, resolve } from "node:path";
import type { KubectlTarget } from "../../host/kubectl.ts";

/** What relative paths in stack files start from. */
const projectFolder = dirname(dirname(import.meta.dirname));

/** How kubectl finds a cluster by what a stack file, or a stack's outputs, say of it. */
export const existingTarget = ({ context, kubeconfig }: KubectlTarget): KubectlTarget =>
  kubeconfig === undefined ? { context } : { context, kubeconfig: wholePath(kubeconfig) };

const wholePath = (path: string): string => resolve(projectFolder, path.replace(/^~(?=\/)/, homedir()));
