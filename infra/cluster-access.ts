import type { ClusterConfig } from "../config/cluster-config.ts";
import type { KubectlTarget } from "../host/kubectl.ts";
import { registryMirror } from "./registry/registry-address.ts";
import { kubeconfigPlace } from "./existing/existing-target.ts";
import { lookAtRegistry } from "./existing/registry-access.ts";
import { contextName } from "./kind/cluster-spec.ts";
import { contextFingerprint, ensureKubeconfigContext } from "./kind/kubeconfig.ts";

/** How a stack's outputs will say that kubectl finds its cluster, whatever it is. */
export const accessOf = (config: ClusterConfig): KubectlTarget =>
  "context" in config
    ? { context: config.context, kubeconfig: kubeconfigPlace(config) }
    : { context: contextName(config.name) };

/** Makes sure that the user's kubeconfig leads to a cluster that was made here. What others made is theirs to write. */
export async function ensureAccess(config: ClusterConfig | undefined): Promise<void> {
  if (config !== undefined && !("context" in config)) await ensureKubeconfigContext(contextName(config.name));
}

/** What the user's kubeconfig says of a cluster that was made here, as a hash. Of one that others made it is theirs. */
export const accessFingerprint = async (config: ClusterConfig | undefined): Promise<string> =>
  config === undefined || "context" in config ? "" : contextFingerprint(contextName(config.name));

/** What the names of images in a cluster's registry start with; undefined when it has none. */
export const registryHostOf = (config: ClusterConfig): string | undefined =>
  "context" in config ? config.registry?.host : registryMirror(config).host;

/** Why nothing can be pushed to a cluster's registry with the Docker engine's own login; undefined when it can. */
export async function pushProblem(config: ClusterConfig): Promise<string | undefined> {
  if (!("context" in config) || config.registry === undefined) return undefined;
  return (await lookAtRegistry({ ...config.registry, user: undefined, password: undefined })).problem;
}
