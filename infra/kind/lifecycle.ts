import { readFile } from "node:fs/promises";
import pRetry from "p-retry";
import { controlPlaneName, defaultIpFamily } from "../../config/cluster-config.ts";
import { downCommand } from "../../config/wording.ts";
import { CommandError } from "../../host/command.ts";
import { docker } from "../../host/docker.ts";
import { dockerLogin } from "../../host/docker-login.ts";
import { kind } from "../../host/kind.ts";
import { readMirrors, registryOfMirror } from "../../host/mirrors.ts";
import type { Login } from "../../host/netrc.ts";
import { dockerProxies, nodeProxyExceptions } from "../../host/proxies.ts";
import { withoutUndefined } from "../../host/without-undefined.ts";
import { waitFor } from "../../host/wait.ts";
import { uidQuery } from "../cluster/cluster-uid.ts";
import { isAsked } from "../ownership/asked.ts";
import type { Claim, Knowledge } from "../ownership/claim.ts";
import type { Owner } from "../ownership/owner.ts";
import { clusterSubject, configKey, refusal } from "../ownership/refusal.ts";
import type { RegistryMirror } from "../registry/registry-address.ts";
import { certsFolder, contextName, fixedProperties, kindConfig, type KindClusterSpec } from "./cluster-spec.ts";
import { forgetCreation, recordCreation, standingCluster, startNodes, writeMark } from "./cluster-state.ts";
import {
  ensureKubeconfigContext,
  readKubeconfig,
  removeKubeconfigContext,
  withoutUsersKubeconfig,
} from "./kubeconfig.ts";
import { kubectlOnNode } from "./kubectl-on-node.ts";
import { mirrorHosts, type NodeFile } from "./mirror-hosts.ts";
import { ensureNetwork } from "./network.ts";
import { claimOf, incarnationOf, type Mark, phaseOf, type StandingCluster } from "./standing-cluster.ts";

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
  /** The uid of its namespace kube-system. @default its API server did not answer, or an earlier version made it */
  uid?: string;
}

/**
 * Makes sure that the cluster exists, runs, and is ours: continues with a complete one, starts a stopped one, creates a
 * missing one, and creates a broken one anew. Another fleet's is taken over if the user asked for that.
 *
 * @throws Error when a cluster of that name belongs to others, or is taken over and differs in what kind can't change
 */
export async function ensureCluster(
  spec: KindClusterSpec,
  mirror: RegistryMirror,
  owner: Owner,
): Promise<ClusterFacts> {
  const standing = await standingCluster(spec.name);
  const claim = claimOf(standing, { fleet: owner.fleet });
  refuseUnlessAdopted(claim, spec.name, owner);
  const { mark } = standing;
  const phase = phaseOf(standing);
  const difference = mark && differenceOf(mark, spec);
  if (phase === "absent") {
    if (standing.creation !== undefined) await forgetCreation(spec.name);
    await createCluster(spec, mirror, owner);
  } else if (phase === "broken" || mark === undefined) {
    await createAnew(spec, mirror, owner);
  } else if (claim.by === "others") {
    if (difference !== undefined) throw new Error(cannotAdoptMessage(spec.name, difference, owner));
    await takeOver(standing, owner, mark);
  } else if (difference !== undefined) {
    // The state does not know this cluster, so nothing was deployed to it yet: the stack file changed in between.
    await createAnew(spec, mirror, owner);
  }
  return startCluster(spec.name, mirror);
}

/** @throws Error when the cluster is another's, and the user did not ask to take that over */
export function refuseUnlessAdopted(claim: Claim, cluster: string, owner: Owner): void {
  if (claim.by === "others" && isAsked("adopt")) return;
  const message = refusal(claim, clusterSubject(cluster), owner);
  if (message !== undefined) throw new Error(message);
}

/** Writes our marks over another's, so that the former owner, if there still is one, sees that it lost the cluster. */
async function takeOver(standing: StandingCluster, owner: Owner, mark: Mark): Promise<void> {
  await wake(standing);
  await writeMark(standing.name, owner, mark.spec);
}

/**
 * Starts the cluster if it is stopped, connects it to its registry, and reads its facts.
 *
 * @throws CommandError, or Error when its API does not answer in time
 */
export async function startCluster(cluster: string, mirror: RegistryMirror): Promise<ClusterFacts> {
  const standing = await standingCluster(cluster);
  await wake(standing);
  const names = standing.nodes.map(({ name }) => name);
  await connectRegistry(names, mirror);
  const kubeconfig = await readKubeconfig(cluster);
  const incarnation = incarnationOf(standing);
  if (incarnation === undefined) throw new Error(`${controlPlaneName(cluster)} went away; run the command again`);
  const uid = await kubectlOnNode(cluster, ["--request-timeout=10s", ...uidQuery]).catch(() => undefined);
  return withoutUndefined({ kubeconfig, incarnation, uid });
}

async function wake(standing: StandingCluster): Promise<void> {
  if (phaseOf(standing) !== "stopped") return;
  await startNodes(standing.nodes);
  await waitForApi(standing.name);
}

/**
 * Deletes the cluster, its entries in the user's kubeconfig, and what a creation that was cut short left behind.
 *
 * @throws CommandError
 */
export async function deleteCluster(cluster: string): Promise<void> {
  const args = ["delete", "cluster", "--name", cluster];
  await withoutUsersKubeconfig((flag) => kind([...args, flag], { deadlineSeconds: kindDeadlineSeconds }));
  for (const line of await removeKubeconfigContext(contextName(cluster))) console.error(line);
  await forgetCreation(cluster);
}

/**
 * Like {@link deleteCluster}, but leaves alone what is not ours. Another fleet's is deleted if the user asked for that.
 *
 * @returns whether there was anything to delete
 * @throws Error when another fleet has taken over the very cluster that the state knows
 */
export async function deleteOwnCluster(cluster: string, owner: Owner, known: Knowledge): Promise<boolean> {
  const standing = await standingCluster(cluster);
  const claim = claimOf(standing, known);
  const wasTakenOver = claim.by === "others" && incarnationOf(standing) === known.container;
  if (wasTakenOver) refuseUnlessAdopted(claim, cluster, owner);
  if (claim.by !== "us" && !(claim.by === "others" && isAsked("adopt"))) return false;
  await deleteCluster(cluster);
  return true;
}

async function createCluster(spec: KindClusterSpec, mirror: RegistryMirror, owner: Owner): Promise<void> {
  const creation = await recordCreation(spec.name, owner);
  if (creation?.owner?.fleet !== owner.fleet) {
    // Another fleet was faster: its record stands.
    const standing = await standingCluster(spec.name);
    throw new Error(refusal(claimOf(standing, owner), clusterSubject(spec.name), owner) ?? "run the command again");
  }
  await ensureNetwork(owner);
  // Without --wait: what needs a ready node waits for it itself, while the image is built and pushed.
  const options = { input: kindConfig(spec), deadlineSeconds: kindDeadlineSeconds, env: await proxyExceptions(mirror) };
  await withoutUsersKubeconfig((flag) => kind(["create", "cluster", "--config", "-", flag], options));
  if (spec.workers > 0) await waitForNodes(spec.name);
  await writeMark(spec.name, owner, spec);
  await forgetCreation(spec.name);
  await ensureKubeconfigContext(contextName(spec.name));
}

/** Has the nodes reach their registry without the proxy that kind gives them, wherever it is set. */
async function proxyExceptions({ endpoint }: RegistryMirror): Promise<Record<string, string>> {
  return nodeProxyExceptions(new URL(endpoint).hostname, process.env, await dockerProxies());
}

/** Tries again, since a `docker run` that a killed kind started may add its container after the deletion. */
async function createAnew(spec: KindClusterSpec, mirror: RegistryMirror, owner: Owner): Promise<void> {
  const attempt = async () => {
    await deleteCluster(spec.name);
    await createCluster(spec, mirror, owner);
  };
  const cameLate = (error: Error) => error instanceof CommandError && error.message.includes("already exist");
  await pRetry(attempt, { retries: 4, minTimeout: 1000, shouldRetry: ({ error }) => cameLate(error) });
}

/** @see https://kind.sigs.k8s.io/docs/user/local-registry/ */
async function connectRegistry(nodes: readonly string[], mirror: RegistryMirror): Promise<void> {
  const folder = `${certsFolder}/${mirror.host}`;
  const hosts = { path: `${folder}/hosts.toml`, content: `[host."${mirror.endpoint}"]\n` };
  const { images } = readMirrors();
  const access = { authorities: await ownAuthorities(), logins: await mirrorLogins(Object.values(images)) };
  for (const node of nodes) {
    for (const file of [hosts, ...mirrorHosts(images, access)]) await writeOnNode(node, file);
  }
}

/** Writes a file that only the node's root may read: it may have a login. */
async function writeOnNode(node: string, { path, content }: NodeFile): Promise<void> {
  const command = ["install", "-D", "--mode=600", "/dev/stdin", path];
  await docker(["exec", "--interactive", node, ...command], { input: content });
}

/** The logins that this user has for the mirrors, by registry. */
async function mirrorLogins(mirrors: readonly string[]): Promise<Map<string, Login>> {
  const logins = new Map<string, Login>();
  for (const registry of new Set(mirrors.map(registryOfMirror))) {
    const login = await dockerLogin(registry);
    if (login !== undefined) logins.set(registry, login);
  }
  return logins;
}

/** The certificates of a company's own authorities, which its mirrors may have; undefined without a setting. */
async function ownAuthorities(): Promise<string | undefined> {
  const file = process.env.NODE_EXTRA_CA_CERTS;
  return file ? await readFile(file, "utf8").catch(() => undefined) : undefined;
}

async function waitForApi(cluster: string): Promise<void> {
  const ready = ["--request-timeout=5s", "get", "--raw=/readyz"];
  await waitFor(`the API server of cluster ${cluster}`, apiDeadlineSeconds, () => kubectlOnNode(cluster, ready));
}

/** A pod that is scheduled before a worker is ready stays on the control plane, whatever its spread constraints say. */
async function waitForNodes(cluster: string): Promise<void> {
  const ready = ["wait", "node", "--all", "--for=condition=Ready", `--timeout=${readyDeadlineSeconds}s`];
  // kubectl's own time-out comes first, and tells more.
  await kubectlOnNode(cluster, ready, { deadlineSeconds: readyDeadlineSeconds + 10 });
}

/** A property that kind can't change, and that a cluster has otherwise than is asked for. */
interface Difference {
  property: string;
  has: string;
  wanted: string;
}

function differenceOf(mark: Mark, spec: KindClusterSpec): Difference | undefined {
  const value = (of: KindClusterSpec, key: (typeof fixedProperties)[number]) => String(of[key] ?? defaultIpFamily);
  const property = fixedProperties.find((key) => value(mark.spec, key) !== value(spec, key));
  return property && { property, has: value(mark.spec, property), wanted: value(spec, property) };
}

function cannotAdoptMessage(name: string, { property, has, wanted }: Difference, owner: Owner): string {
  const key = configKey(owner.project, `cluster.${property}`);
  return (
    `kind cluster "${name}" has ${property} ${has}, and ${wanted} is asked for, which can't be changed when it is taken ` +
    `over. Set ${key} to ${has}, or remove the cluster and make another: ${downCommand(owner.stack, "--adopt")}`
  );
}
