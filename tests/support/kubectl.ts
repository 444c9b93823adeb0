import { execa } from "execa";

/** A cluster to ask. */
export interface Cluster {
  context: string;
  /** The kubeconfig file. @default the user's */
  kubeconfig?: string;
}

/** Runs kubectl on a cluster, and returns what it printed. */
export async function kubectl(cluster: Cluster, ...args: string[]): Promise<string> {
  const { stdout } = await execa("kubectl", ["--context", cluster.context, "--request-timeout=20s", ...args], {
    env: environmentOf(cluster),
    stdin: "ignore",
    timeout: 60_000,
  });
  return stdout;
}

/** What makes kubectl read the cluster's kubeconfig. */
export const environmentOf = ({ kubeconfig }: Cluster): Record<string, string> =>
  kubeconfig === undefined ? {} : { KUBECONFIG: kubeconfig };

/** A resource as the API gives it, as far as tests read it. */
export interface Resource {
  metadata: { name: string; namespace: string; uid: string; labels?: Record<string, string> };
  spec: Record<string, unknown>;
  status: Record<string, unknown>;
}

/** Lists resources of a kind. */
export async function list(cluster: Cluster, kind: string, namespace: string, ...args: string[]): Promise<Resource[]> {
  const text = await kubectl(cluster, "get", kind, "--namespace", namespace, "--output=json", ...args);
  return (JSON.parse(text) as { items: Resource[] }).items;
}

/** Gets one resource. */
export async function get(cluster: Cluster, kind: string, namespace: string, name: string): Promise<Resource> {
  return JSON.parse(await kubectl(cluster, "get", kind, name, "--namespace", namespace, "--output=json")) as Resource;
}

/** The image of a Deployment's first container. */
export async function imageOf(cluster: Cluster, namespace: string, deployment: string): Promise<string> {
  const { spec } = await get(cluster, "deployment", namespace, deployment);
  const [container] = (spec.template as { spec: { containers: { image: string }[] } }).spec.containers;
  if (container === undefined) throw new Error(`deployment ${namespace}/${deployment} has no container`);
  return container.image;
}

/**
 * What the API server warns of when a namespace is to enforce the restricted Pod Security Standard; nothing is changed.
 * The pods are judged only where the label changes, so a version that it does not have comes with it.
 */
export async function warningsOfRestriction(cluster: Cluster, namespace: string): Promise<string> {
  const labels = ["enforce=restricted", "enforce-version=v1.34"].map((label) => `pod-security.kubernetes.io/${label}`);
  const { stderr } = await execa(
    "kubectl",
    ["--context", cluster.context, "label", "--dry-run=server", "--overwrite", "namespace", namespace, ...labels],
    { env: environmentOf(cluster), stdin: "ignore", timeout: 60_000 },
  );
  return stderr;
}

/** How often containers of the namespaces' pods were started again. */
export async function restartsOf(cluster: Cluster, ...namespaces: string[]): Promise<number> {
  const pods = (await Promise.all(namespaces.map((namespace) => list(cluster, "pods", namespace)))).flat();
  return pods
    .flatMap(({ status }) => (status.containerStatuses as { restartCount: number }[] | undefined) ?? [])
    .reduce((sum, { restartCount }) => sum + restartCount, 0);
}

/** Prints what a person would look at first, when a test on a cluster has failed. */
export async function printTrouble(cluster: Cluster): Promise<void> {
  const attempts = [
    ["get", "pods", "--all-namespaces", "--output=wide"],
    ["get", "events", "--all-namespaces", "--sort-by=.lastTimestamp", "--field-selector=type!=Normal"],
    ...["test-namespace", "service2", "skipper-ingress"].map((namespace) => [
      "logs",
      `--namespace=${namespace}`,
      "--selector=app.kubernetes.io/part-of=fleet",
      "--tail=5",
      "--prefix",
    ]),
  ];
  for (const args of attempts) {
    const text = await kubectl(cluster, ...args).catch((failure: unknown) => String(failure));
    console.log(`--- ${cluster.context}: kubectl ${args.join(" ")}\n${text.split("\n").slice(-40).join("\n")}`);
  }
}
