import pRetry from "p-retry";
import { CommandError, docker, run } from "../../host/command.ts";
import { waitFor } from "../../host/wait.ts";
import { controlPlane, kindConfig, type KindClusterSpec } from "./cluster-spec.ts";
import { clusterState, declareIntent, dropIntent, nodeNames, startNodes, writeMark } from "./cluster-state.ts";

/** Seconds that `kind create` and `kind delete` may take, on a slow machine. */
const kindDeadline = 300;

/** How the cluster's containerd reaches the registry that the host pushes to. */
export interface RegistryMirror {
  /** What image names start with, for example `localhost:5080`. */
  host: string;
  /** Where it is on the nodes' network, for example `http://cluster1-registry:5000`. */
  endpoint: string;
}

/** What is known of a cluster once it is there. */
export interface ClusterFacts {
  kubeconfig: string;
  /** The control plane's container: another one is another cluster, whatever its name. */
  incarnation: string;
}

/**
 * Makes sure that the cluster is there, runs, and is ours: adopts a whole one, starts a stopped one, makes a missing
 * one, makes a half-made one anew.
 *
 * @throws Error when a cluster of that name is somebody else's, or ours in another shape
 */
export async function ensureCluster(
  spec: KindClusterSpec,
  mirror: RegistryMirror,
  owner: string,
): Promise<ClusterFacts> {
  const state = await clusterState(spec.name);
  switch (state.phase) {
    case "foreign":
      throw new Error(foreignMessage(spec.name));
    case "stopped":
    case "running":
      refuseOtherShape(state.mark, spec, owner);
      break;
    case "broken":
      await createAnew(spec, mirror, owner);
      break;
    case "absent":
      await createCluster(spec, mirror, owner);
  }
  return bringUp(spec.name, mirror);
}

/** Starts what is stopped, connects the registry, and reads what others need to know. */
export async function bringUp(cluster: string, mirror: RegistryMirror): Promise<ClusterFacts> {
  const state = await clusterState(cluster);
  if (state.phase === "stopped") {
    await startNodes(cluster);
    await waitForApi(cluster);
  }
  await connectRegistry(await nodeNames(cluster), mirror);
  const kubeconfig = await run("kind", ["get", "kubeconfig", "--name", cluster]);
  const incarnation = await docker(["inspect", "--format", "{{.Id}}", controlPlane(cluster)]);
  return { kubeconfig, incarnation };
}

/** Deletes the cluster, its entries in the user's kubeconfig, and what a broken creation left. */
export async function deleteCluster(cluster: string): Promise<void> {
  await run("kind", ["delete", "cluster", "--name", cluster], { deadline: kindDeadline });
  await dropIntent(cluster);
}

/** Deletes the cluster, or what its creation left when it was cut short. Leaves alone one that took the name and is not this owner's. */
export async function deleteOwnCluster(cluster: string, owner: string): Promise<void> {
  const state = await clusterState(cluster);
  const others = state.phase === "foreign" || ("mark" in state && state.mark.owner !== owner);
  if (!others) await deleteCluster(cluster);
}

async function createCluster(spec: KindClusterSpec, mirror: RegistryMirror, owner: string): Promise<void> {
  await declareIntent(spec.name);
  // No --wait: what needs a ready node waits for itself, while the image is built and pushed.
  await run("kind", ["create", "cluster", "--config", "-"], {
    input: kindConfig(spec),
    deadline: kindDeadline,
    env: sparedByProxy(mirror),
  });
  if (spec.workers > 0) await waitForNodes(spec.name);
  await writeMark(spec.name, { owner, spec });
  await dropIntent(spec.name);
}

/** kind hands a proxy's variables on to the nodes, which must not look for the registry behind it. */
function sparedByProxy({ endpoint }: RegistryMirror): Record<string, string> {
  const {
    HTTP_PROXY,
    http_proxy = HTTP_PROXY,
    HTTPS_PROXY,
    https_proxy = HTTPS_PROXY,
    NO_PROXY,
    no_proxy = NO_PROXY,
  } = process.env;
  if (!http_proxy && !https_proxy) return {};
  const spared = [no_proxy, new URL(endpoint).hostname].filter(Boolean).join(",");
  return { NO_PROXY: spared, no_proxy: spared };
}

/** A `docker run` of a kind that was killed may still be at work, and its container appear after the deletion. */
async function createAnew(spec: KindClusterSpec, mirror: RegistryMirror, owner: string): Promise<void> {
  const attempt = async () => {
    await deleteCluster(spec.name);
    await createCluster(spec, mirror, owner);
  };
  const late = (failure: Error) => failure instanceof CommandError && failure.message.includes("already exist");
  await pRetry(attempt, { retries: 4, minTimeout: 1000, shouldRetry: ({ error }) => late(error) });
}

/** @see https://kind.sigs.k8s.io/docs/user/local-registry/ */
async function connectRegistry(nodes: readonly string[], mirror: RegistryMirror): Promise<void> {
  const folder = `/etc/containerd/certs.d/${mirror.host}`;
  const hosts = `[host."${mirror.endpoint}"]\n`;
  for (const node of nodes) {
    await docker(["exec", node, "mkdir", "-p", folder]);
    await docker(["exec", "--interactive", node, "tee", `${folder}/hosts.toml`], { input: hosts });
  }
}

async function waitForApi(cluster: string): Promise<void> {
  const ready = ["kubectl", "--kubeconfig=/etc/kubernetes/admin.conf", "--request-timeout=5s", "get", "--raw=/readyz"];
  await waitFor(`the API server of cluster ${cluster}`, 120, () => docker(["exec", controlPlane(cluster), ...ready]));
}

/** A pod that is placed before a worker is ready stays on the control plane, however it is to be spread. */
async function waitForNodes(cluster: string): Promise<void> {
  const ready = [
    "kubectl",
    "--kubeconfig=/etc/kubernetes/admin.conf",
    "wait",
    "node",
    "--all",
    "--for=condition=Ready",
    "--timeout=120s",
  ];
  await docker(["exec", controlPlane(cluster), ...ready], { deadline: 130 });
}

/** What to say of a cluster that carries no mark of ours. */
export const foreignMessage = (name: string) =>
  `a kind cluster named "${name}" exists and was not made by this project. ` +
  `Choose another identity:cluster.name, or delete it yourself: kind delete cluster --name ${name}`;

/** What to say of one that another stack made. */
export const otherOwnerMessage = (name: string, owner: string) =>
  `kind cluster "${name}" belongs to ${owner}. Choose another identity:cluster.name, or take that stack down first: npm run down -- ${owner.split("/").at(-1) ?? owner}`;

function refuseOtherShape(mark: { owner: string; spec: KindClusterSpec }, spec: KindClusterSpec, owner: string): void {
  if (mark.owner !== owner) throw new Error(otherOwnerMessage(spec.name, mark.owner));
  const keys = ["image", "httpPort", "workers", "ipFamily"] as const;
  const other = keys.find((key) => mark.spec[key] !== spec[key]);
  if (other === undefined) return;
  const difference = `has ${other} ${mark.spec[other] ?? "ipv4"}, and ${spec[other] ?? "ipv4"} is asked for`;
  throw new Error(
    `kind cluster "${spec.name}" ${difference}. Delete it first: kind delete cluster --name ${spec.name}`,
  );
}
