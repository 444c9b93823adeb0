import type { RunOptions } from "../../host/command.ts";
import { kubectl as hostKubectl, type KubectlTarget, tryKubectl } from "../../host/kubectl.ts";
import { versions } from "../../versions.ts";

/** Runs kubectl on a cluster, with a deadline for each request to the API server. @throws CommandError */
export const kubectl = (cluster: KubectlTarget, args: readonly string[], options?: RunOptions): Promise<string> =>
  hostKubectl(cluster, ["--request-timeout=20s", ...args], options);

/** The option that selects what has these labels. */
export const selector = (labels: Record<string, string>): string =>
  `--selector=${Object.entries(labels)
    .map((pair) => pair.join("="))
    .join(",")}`;

/** A resource as the API returns it, as far as tests read it. */
export interface Resource {
  metadata: { name: string; namespace: string; uid: string; labels?: Record<string, string> };
  spec: Record<string, unknown>;
  status: Record<string, unknown>;
}

/** Lists the resources of a kind in a namespace. */
export async function list(
  cluster: KubectlTarget,
  kind: string,
  namespace: string,
  ...options: string[]
): Promise<Resource[]> {
  const text = await kubectl(cluster, ["get", kind, "--namespace", namespace, "--output=json", ...options]);
  return (JSON.parse(text) as { items: Resource[] }).items;
}

/** Gets one resource. */
export async function get(cluster: KubectlTarget, kind: string, namespace: string, name: string): Promise<Resource> {
  return JSON.parse(await kubectl(cluster, ["get", kind, name, "--namespace", namespace, "--output=json"])) as Resource;
}

/** The image of a Deployment's first container. */
export async function imageOf(cluster: KubectlTarget, namespace: string, deployment: string): Promise<string> {
  const { spec } = await get(cluster, "deployment", namespace, deployment);
  const [container] = (spec.template as { spec: { containers: { image: string }[] } }).spec.containers;
  if (container === undefined) throw new Error(`deployment ${namespace}/${deployment} has no container`);
  return container.image;
}

/** How often containers of the namespaces' pods were restarted. */
export async function restartsOf(cluster: KubectlTarget, ...namespaces: string[]): Promise<number> {
  const pods = (await Promise.all(namespaces.map((namespace) => list(cluster, "pods", namespace)))).flat();
  return pods
    .flatMap(({ status }) => (status.containerStatuses as { restartCount: number }[] | undefined) ?? [])
    .reduce((sum, { restartCount }) => sum + restartCount, 0);
}

/**
 * The API server's warnings about enforcing the restricted Pod Security Standard in a namespace. Changes nothing.
 * The server judges the pods only where a label changes, so this also asks for a version, which namespaces don't have.
 */
export async function warningsOfRestriction(cluster: KubectlTarget, namespace: string): Promise<string> {
  const minor = versions.kubernetes.split(".", 2).join(".");
  const labels = ["enforce=restricted", `enforce-version=v${minor}`].map(
    (label) => `pod-security.kubernetes.io/${label}`,
  );
  const args = ["label", "--dry-run=server", "--overwrite", "namespace", namespace, ...labels];
  const { stderr, error } = await tryKubectl(cluster, args);
  if (error !== undefined) throw error;
  return stderr;
}
