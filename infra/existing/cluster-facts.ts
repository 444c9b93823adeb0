import { isIP, isIPv4, isIPv6 } from "node:net";
import { defaultIpFamily, type IpFamily } from "../../config/cluster-config.ts";
import type { CommandError } from "../../host/command.ts";
import { kubectl, type KubectlTarget, tryKubectl } from "../../host/kubectl.ts";
import { uidQuery } from "../cluster/cluster-uid.ts";
import { isForbidden, isUnauthorized, lastLineOf } from "./kubectl-refusal.ts";
import type { TitledTarget } from "./existing-target.ts";
import { type OwnerFacts, ownerOfObject } from "./object-owner.ts";

/** What is known of a cluster before anything is declared in it. */
export interface ClusterFacts {
  /** What leads to it: its context alone, with all certificates in the text. */
  kubeconfig: string;
  /** The address of its API server. */
  server: string;
  /** The uid of its namespace kube-system: no other cluster has it, whatever leads there. */
  uid: string;
  /** The platforms of its nodes, such as `linux/amd64`. @default this user may not ask for them */
  platforms?: string[];
  /** The address of its Service `kubernetes`. @default this user may not ask for it */
  apiAddress?: string;
  /** Those of the stack's namespaces that are there, with whose they are. */
  namespaces: ReadonlyMap<string, OwnerFacts | undefined>;
  /** All of the stack's namespaces. */
  usedNamespaces: readonly string[];
}

/** A cluster can't be reached, or used. The message says by what, why, and what to do. */
export class ClusterError extends Error {
  override readonly name: string = "ClusterError";
  /** The key of the stack file that it is about. */
  readonly key: string = "cluster";
}

/** A cluster's registry can't be used as the stack file says. */
export class RegistryError extends ClusterError {
  override readonly key = "cluster.registry";
}

/** A context leads to another cluster than a stack is on. */
export class OtherClusterError extends ClusterError {}

/** Seconds within which an API server has to answer. */
const answerSeconds = 20;

const ask = (target: KubectlTarget, args: readonly string[], seconds = answerSeconds) =>
  tryKubectl(target, [`--request-timeout=${seconds}s`, ...args], { deadlineSeconds: seconds + 10 });

interface Config {
  clusters?: { cluster: { server: string } }[];
}

interface Listed {
  items: {
    metadata: { name: string; uid: string; labels?: Record<string, string>; annotations?: Record<string, string> };
    status?: { nodeInfo?: { operatingSystem: string; architecture: string } };
  }[];
}

/**
 * Looks at a cluster that exists, and changes nothing.
 *
 * @param namespaces the stack's
 * @throws ClusterError
 */
export async function clusterFacts(target: TitledTarget, namespaces: readonly string[]): Promise<ClusterFacts> {
  const kubeconfig = await kubeconfigOf(target);
  const server = serverIn(kubeconfig);
  const [uid, platforms, apiAddress, present] = await Promise.all([
    clusterUid(target, server),
    nodePlatforms(target),
    addressOfApi(target),
    presentNamespaces(target, namespaces),
  ]);
  return { kubeconfig, server, uid, platforms, apiAddress, namespaces: present, usedNamespaces: namespaces };
}

/** Why a cluster does not have the addresses that the stack file says; undefined when it has, or does not tell. */
export function ipFamilyProblem(
  { apiAddress }: Pick<ClusterFacts, "apiAddress">,
  ipFamily: IpFamily = defaultIpFamily,
): string | undefined {
  const isRight = { ipv4: isIPv4, ipv6: isIPv6, dual: isIP }[ipFamily];
  if (apiAddress === undefined || isRight(apiAddress)) return undefined;
  const has = isIPv6(apiAddress) ? "ipv6" : "ipv4";
  return `its Services have addresses such as ${apiAddress}: write "ipFamily: ${has}", or "dual" if its pods have both kinds`;
}

async function addressOfApi(target: KubectlTarget): Promise<string | undefined> {
  const args = ["get", "service", "kubernetes", "--namespace=default", "--output=jsonpath={.spec.clusterIP}"];
  const { stdout, error } = await ask(target, args);
  return error === undefined && isIP(stdout) !== 0 ? stdout : undefined;
}

/** The uid of the namespace kube-system. @param seconds within which it has to be told. @default 20 @throws ClusterError */
export async function clusterUid(target: KubectlTarget, server?: string, seconds?: number): Promise<string> {
  const { stdout, error } = await ask(target, uidQuery, seconds);
  if (error !== undefined) throw unusable(target, server, error, "get namespaces (kube-system)");
  return stdout;
}

/** The address of the API server that a context leads to. @throws ClusterError when there is no such context */
export const serverOf = async (target: KubectlTarget): Promise<string> => serverIn(await kubeconfigOf(target));

const serverIn = (kubeconfig: string): string =>
  (JSON.parse(kubeconfig) as Config).clusters?.[0]?.cluster.server ?? "an unknown address";

async function kubeconfigOf(target: TitledTarget): Promise<string> {
  const view = ["config", "view", "--minify", "--flatten", "--raw", "--output=json"];
  const { stdout, error } = await tryKubectl(target, view);
  if (error === undefined) return stdout;
  const place = target.title ?? target.kubeconfig ?? "the kubeconfig";
  const known = await kubectl(target, ["config", "get-contexts", "--output=name"]).catch(() => "");
  const names = known === "" ? "it has none" : `it has ${known.split("\n").join(", ")}`;
  if (/no such file/i.test(error.stderr)) {
    throw new ClusterError(`there is no kubeconfig ${place}: write the path of one, seen from the stack file`);
  }
  const isMissing = /does not exist|no context|cannot locate context/i.test(error.stderr);
  const why = isMissing ? `there is no context "${target.context}" in ${place} (${names})` : error.stderr;
  throw new ClusterError(`${why}: write the name of one that is there`);
}

async function nodePlatforms(target: KubectlTarget): Promise<string[] | undefined> {
  const { stdout, error } = await ask(target, ["get", "nodes", "--output=json"]);
  if (error !== undefined) return undefined;
  const infos = (JSON.parse(stdout) as Listed).items.flatMap(({ status }) => status?.nodeInfo ?? []);
  return [...new Set(infos.map(({ operatingSystem, architecture }) => `${operatingSystem}/${architecture}`))].sort();
}

/** A user who may not look at a namespace may not make it either: then it has to be there. */
async function presentNamespaces(
  target: KubectlTarget,
  names: readonly string[],
): Promise<ReadonlyMap<string, OwnerFacts | undefined>> {
  const found = await Promise.all(
    names.map(async (name) => {
      const { stdout, error } = await ask(target, ["get", "namespace", name, "--ignore-not-found", "--output=json"]);
      if (error !== undefined) return [[name, undefined] as const];
      return stdout === "" ? [] : [[name, ownerOfObject(JSON.parse(stdout) as Listed["items"][number])] as const];
    }),
  );
  return new Map(found.flat());
}

function unusable(target: KubectlTarget, server: string | undefined, error: CommandError, right: string): ClusterError {
  const where = `the context "${target.context}"${server === undefined ? "" : ` (${server})`}`;
  if (isForbidden(error.stderr)) {
    return new ClusterError(
      `${where} leads to a user who may not: ${right}. See the roles in docs/existing-clusters.md`,
    );
  }
  if (isUnauthorized(error.stderr)) {
    return new ClusterError(`${where} is refused by its API server, which does not know the user: log in anew`);
  }
  return new ClusterError(`${where} can't be reached: ${lastLineOf(error)}`);
}
