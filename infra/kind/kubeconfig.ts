import { isDeepStrictEqual } from "node:util";
import { parse } from "yaml";
import { kind } from "../../host/kind.ts";
import { tryKubectlConfig } from "../../host/kubectl.ts";
import { clusterOfContext } from "./cluster-spec.ts";

/** The part of a kubeconfig that says where clusters are. */
interface Kubeconfig {
  clusters: { cluster: unknown }[];
}

/**
 * Makes sure that the context in the user's kubeconfig leads to its cluster. kind wrote it when it made the cluster, but
 * perhaps to another file, or it was removed since. The current context stays as it is.
 */
export async function ensureKubeconfigContext(context: string): Promise<void> {
  const name = clusterOfContext(context);
  const present = await tryKubectlConfig(["view", "--raw", "--minify", "--context", context]);
  const actual = await readKubeconfig(name);
  if (present.error === undefined && isDeepStrictEqual(clusterIn(present.stdout), clusterIn(actual))) return;
  const current = await tryKubectlConfig(["current-context"]);
  await kind(["export", "kubeconfig", "--name", name]);
  if (current.error === undefined) await tryKubectlConfig(["use-context", current.stdout]);
}

/** The administrator's kubeconfig of a kind cluster. */
export const readKubeconfig = (cluster: string): Promise<string> => kind(["get", "kubeconfig", "--name", cluster]);

const clusterIn = (kubeconfig: string) => (parse(kubeconfig) as Kubeconfig).clusters[0]?.cluster;
