import { homedir } from "node:os";
import { delimiter, join, resolve } from "node:path";

/**
 * The files that kubectl and kind read the user's kubeconfig from, with whole paths.
 *
 * @param folder what relative paths in KUBECONFIG start from
 */
export function kubeconfigFiles(folder: string, env: NodeJS.ProcessEnv = process.env): string[] {
  const named = (env.KUBECONFIG ?? "").split(delimiter).filter((path) => path !== "");
  if (named.length === 0) return [join(env.HOME ?? homedir(), ".kube", "config")];
  return [...new Set(named.map((path) => resolve(folder, path)))];
}
