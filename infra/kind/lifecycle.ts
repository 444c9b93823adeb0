import pRetry from "p-retry";
import { controlPlaneName, defaultIpFamily } from "../../config/cluster-config.ts";
import { CommandError } from "../../host/command.ts";
import { docker } from "../../host/docker.ts";
import { kind } from "../../host/kind.ts";
import { waitFor } from "../../host/wait.ts";
import { configKey, takeDownCommand } from "../ownership/owner.ts";
import type { RegistryMirror } from "../registry/registry-address.ts";
import { fixedProperties, kindConfig, type KindClusterSpec } from "./cluster-spec.ts";
import {
  clusterState,
  forgetCreation,
  type Mark,
  nodeNames,
  recordCreation,
  startNodes,
  writeMark,
} from "./cluster-state.ts";
import { readKubeconfig } from "./kubeconfig.ts";

/** The longest that creating or deleting a cluster may take, on a slow machine. */
const kindDeadlineSeconds = 300;

/** How long a cluster that was started again may take until its API answers. */
const apiDeadlineSeconds = 120;

/** How long a new cluster's nodes may take to become ready. */
const readyDeadlineSeconds = 120;

/**
 * Pulumi's timeouts. `create` covers all steps of creating a cluster; a step that hangs is ended earlier, and named, by
 * its own deadline.
 */
export const clusterTimeouts = { create: "10m", update: "5m", delete: "5m" };

/** What other resources need to know of a running cluster. */
export interface ClusterFacts {
  /** The administrator's. */
  kubeconfig: string;
  /** The id of the control plane's container: a new cluster has a new one, even under the same name. */
  incarnation: string;
}

/**
 * Makes sure that the cluster exists, runs, and is ours: adopts a complete one, starts a stopped one, creates a missing
 * one, and creates a broken one anew.
 *
 * @throws Error when a cluster of that name belongs to others, or is ours and differs in what kind can't change
 */
export async function ensureCluster(
  spec: KindClusterSpec,
  mirror: RegistryMirror,
  owner: string,
): Promise<ClusterFacts> {
  const state = await clusterState(spec.name);
  switch (state.phase) {
    case "foreign":
      throw new Error(foreignClusterMessage(spec.name, owner));
    case "stopped":
    case "running":
      refuseDifference(state.mark, spec, owner);
      break;
    case "broken":
      await createAnew(spec, mirror, owner);
      break;
    case "absent":
      await createCluster(spec, mirror, owner);
  }
  return startCluster(spec.name, mirror);
}

/**
 * Starts the cluster if it is stopped, connects it to its registry, and reads its facts.
 *
 * @throws CommandError, or Error when its API does not answer in time
 */
export async function startCluster(cluster: string, mirror: RegistryMirror): Promise<ClusterFacts> {
  const state = await clusterState(cluster);
  if (state.phase === "stopped") {
    await startNodes(cluster);
    await waitForApi(cluster);
  }
  await connectRegistry(await nodeNames(cluster), mirror);
  const kubeconfig = await readKubeconfig(cluster);
  const incarnation = await docker(["inspect", "--format", "{{.Id}}", controlPlaneName(cluster)]);
  return { kubeconfig, incarnation };
}

/**
 * Deletes the cluster, its entries in the user's kubeconfig, and what a creation that was cut short left behind.
 *
 * @throws CommandError
 */
export async function deleteCluster(cluster: string): Promise<void> {
  await kind(["delete", "cluster", "--name", cluster], { deadlineSeconds: kindDeadlineSeconds });
  await forgetCreation(cluster);
}

/** Like {@link deleteCluster}, but leaves alone a cluster of that name which is not this owner's. */
export async function deleteOwnCluster(cluster: string, owner: string): Promise<void> {
  const state = await clusterState(cluster);
  const isOthers = state.phase === "foreign" || ("mark" in state && state.mark.owner !== owner);
  if (!isOthers) await deleteCluster(cluster);
}

async function createCluster(spec: KindClusterSpec, mirror: RegistryMirror, owner: string): Promise<void> {
  await recordCreation(spec.name);
  // Without --wait: what needs a ready node waits for it itself, while the image is built and pushed.
  await kind(["create", "cluster", "--config", "-"], {
    input: kindConfig(spec),
    deadlineSeconds: kindDeadlineSeconds,
    env: proxyExceptions(mirror),
  });
  if (spec.workers > 0) await waitForNodes(spec.name);
  await writeMark(spec.name, { owner, spec });
  await forgetCreation(spec.name);
}

/** kind passes the proxy variables on to the nodes, which must reach the registry without the proxy. */
function proxyExceptions({ endpoint }: RegistryMirror): Record<string, string> {
  const { HTTP_PROXY, http_proxy = HTTP_PROXY, HTTPS_PROXY, https_proxy = HTTPS_PROXY } = process.env;
  const { NO_PROXY, no_proxy = NO_PROXY } = process.env;
  if (!http_proxy && !https_proxy) return {};
  const exceptions = [no_proxy, new URL(endpoint).hostname].filter(Boolean).join(",");
  return { NO_PROXY: exceptions, no_proxy: exceptions };
}

/** Tries again, since a `docker run` that a killed kind started may add its container after the deletion. */
async function createAnew(spec: KindClusterSpec, mirror: RegistryMirror, owner: string): Promise<void> {
  const attempt = async () => {
    await deleteCluster(spec.name);
    await createCluster(spec, mirror, owner);
  };
  const cameLate = (error: Error) => error instanceof CommandError && error.message.includes("already exist");
  await pRetry(attempt, { retries: 4, minTimeout: 1000, shouldRetry: ({ error }) => cameLate(error) });
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

/** kubectl inside the control plane, which works whatever the host's kubeconfig says. */
const kubectlOnNode = (cluster: string, args: readonly string[], deadlineSeconds?: number) =>
  docker(["exec", controlPlaneName(cluster), "kubectl", "--kubeconfig=/etc/kubernetes/admin.conf", ...args], {
    deadlineSeconds,
  });

async function waitForApi(cluster: string): Promise<void> {
  const ready = ["--request-timeout=5s", "get", "--raw=/readyz"];
  await waitFor(`the API server of cluster ${cluster}`, apiDeadlineSeconds, () => kubectlOnNode(cluster, ready));
}

/** A pod that is scheduled before a worker is ready stays on the control plane, whatever its spread constraints say. */
async function waitForNodes(cluster: string): Promise<void> {
  const ready = ["wait", "node", "--all", "--for=condition=Ready", `--timeout=${readyDeadlineSeconds}s`];
  // kubectl's own time-out comes first, and tells more.
  await kubectlOnNode(cluster, ready, readyDeadlineSeconds + 10);
}

/** The message for an owner when a cluster of that name carries no mark of ours. */
export const foreignClusterMessage = (name: string, owner: string): string =>
  `a kind cluster named "${name}" exists and was not made by this project. ` +
  `Choose another ${configKey(owner, "cluster.name")}, or delete it yourself: kind delete cluster --name ${name}`;

/** The message when another stack made the cluster. */
export const otherOwnerMessage = (name: string, owner: string): string =>
  `kind cluster "${name}" belongs to ${owner}. Choose another ${configKey(owner, "cluster.name")}, ` +
  `or take that stack down first: ${takeDownCommand(owner)}`;

function refuseDifference(mark: Mark, spec: KindClusterSpec, owner: string): void {
  if (mark.owner !== owner) throw new Error(otherOwnerMessage(spec.name, mark.owner));
  const property = fixedProperties.find((key) => mark.spec[key] !== spec[key]);
  if (property === undefined) return;
  const [has, wanted] = [mark.spec[property] ?? defaultIpFamily, spec[property] ?? defaultIpFamily];
  const remedy = `Delete it first: kind delete cluster --name ${spec.name}`;
  throw new Error(`kind cluster "${spec.name}" has ${property} ${has}, and ${wanted} is asked for. ${remedy}`);
}
