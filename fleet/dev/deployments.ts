import type { ServiceConfig } from "../../config/service-config.ts";
import { KubernetesApi, type PatchOperation } from "../../host/kubernetes-api.ts";
import { type KubectlTarget, tryKubectl } from "../../host/kubectl.ts";
import { serviceSelector } from "../../infra/manifest/labels.ts";
import { type Deployment, devManager, isInDevMode, leaveDevMode, returnFields } from "./dev-mode.ts";

/** The query that selects our services' objects. */
export const serviceQuery = `labelSelector=${encodeURIComponent(serviceSelector)}`;

/** A Deployment's name, as `namespace/name`. */
export const nameOf = ({ metadata }: Deployment): string => `${metadata.namespace}/${metadata.name}`;

/** The Deployments of all services of a cluster. @throws KubernetesApiError */
export async function listDeployments(api: KubernetesApi): Promise<Deployment[]> {
  const { items } = await api.get<{ items: Deployment[] }>(`/apis/apps/v1/deployments?${serviceQuery}`);
  return items;
}

/** Changes a Deployment, and returns what it is like then. @throws KubernetesApiError */
export function patchDeployment(
  api: KubernetesApi,
  { metadata: { namespace, name } }: Deployment,
  operations: readonly PatchOperation[],
): Promise<Deployment> {
  const path = `/apis/apps/v1/namespaces/${namespace}/deployments/${name}`;
  return api.patch<Deployment>(`${path}?fieldManager=${devManager}`, operations);
}

/**
 * Brings a Deployment that is in dev mode back to what it was before.
 *
 * @param image its image from now on. @default the one that it had
 * @throws KubernetesApiError
 */
export async function endDevMode(api: KubernetesApi, inDevMode: Deployment, image?: string): Promise<void> {
  const back = await patchDeployment(api, inDevMode, leaveDevMode(inDevMode, image));
  await patchDeployment(api, back, returnFields(back, inDevMode));
}

/**
 * Brings back what an `npm run dev` that was killed left in dev mode. Does nothing where the cluster can't be reached, or is
 * another one than the stack's.
 *
 * @param services the stack's
 * @param uid the cluster's, as far as the stack's state knows it
 * @returns the Deployments that were brought back, as `namespace/name`
 */
export async function endAbandonedDevMode(
  target: KubectlTarget,
  services: readonly Pick<ServiceConfig, "name" | "namespace">[],
  uid: unknown,
): Promise<string[]> {
  const own = new Set(services.map(({ namespace, name }) => `${namespace}/${name}`));
  const isAbandoned = (deployment: Deployment) => isInDevMode(deployment) && own.has(nameOf(deployment));

  const query = ["get", "deployments", "--all-namespaces", `--selector=${serviceSelector}`, "--output=json"];
  const { stdout, error } = await tryKubectl(target, ["--request-timeout=5s", ...query], { deadlineSeconds: 10 });
  if (error !== undefined) return [];
  const { items } = JSON.parse(stdout) as { items: Deployment[] };
  if (!items.some(isAbandoned)) return [];
  const api = await KubernetesApi.open(target);
  try {
    const system = await api.get<{ metadata: { uid: string } }>("/api/v1/namespaces/kube-system");
    if (uid !== undefined && system.metadata.uid !== uid) return [];
    const abandoned = (await listDeployments(api)).filter(isAbandoned);
    for (const deployment of abandoned) await endDevMode(api, deployment);
    return abandoned.map(nameOf);
  } finally {
    await api.close();
  }
}
