// Users' states hold the path of this file (infra/pulumi/lazy-provider.ts), and no import refers to its functions.
import type * as pulumi from "@pulumi/pulumi";
import { controlPlaneName } from "../../config/cluster-config.ts";
import { tryDocker, unlessUnreachable } from "../../host/docker.ts";
import { portIsFree } from "../../host/port.ts";
import { kindClusterLabel } from "../ownership/docker-labels.ts";
import { configKey, takeDownCommand } from "../ownership/owner.ts";
import type { RegistryMirror } from "../registry/registry-address.ts";
import { contextName, fixedProperties, type KindClusterSpec } from "./cluster-spec.ts";
import { clusterState } from "./cluster-state.ts";
import {
  type ClusterFacts,
  deleteOwnCluster,
  ensureCluster,
  foreignClusterMessage,
  otherOwnerMessage,
  startCluster,
} from "./lifecycle.ts";

/** The resource's inputs. */
export interface KindClusterInputs extends KindClusterSpec {
  /** The registry that the nodes pull from. */
  registry: RegistryMirror;
  /** `<project>/<stack>`: a cluster of that name with another owner, or with none, is refused. */
  owner: string;
}

/** The resource's outputs, which the state keeps. */
export interface KindClusterOutputs extends KindClusterInputs, ClusterFacts {
  context: string;
  node: string;
}

/** Finds what would fail, before anything is made. */
export async function check(
  olds: Partial<KindClusterInputs>,
  news: KindClusterInputs,
): Promise<pulumi.dynamic.CheckResult<KindClusterInputs>> {
  const failures: pulumi.dynamic.CheckFailure[] = [];
  const state = await unlessUnreachable(clusterState(news.name));
  if (state?.phase === "foreign")
    failures.push({ property: "name", reason: foreignClusterMessage(news.name, news.owner) });
  if (state && "mark" in state && state.mark.owner !== news.owner) {
    failures.push({ property: "name", reason: otherOwnerMessage(news.name, state.mark.owner) });
  }
  const isNew = state === undefined || state.phase === "absent";
  const needsPort = isNew || (olds.httpPort !== undefined && olds.httpPort !== news.httpPort);
  if (needsPort && !(await portIsFree(news.httpPort))) {
    failures.push({ property: "httpPort", reason: await portTakenMessage(news) });
  }
  return { inputs: news, failures };
}

async function portTakenMessage({ httpPort, owner }: KindClusterInputs): Promise<string> {
  const taken = `port ${httpPort} of 127.0.0.1 is taken`;
  const holder = await clusterAtPort(httpPort);
  if (holder?.owner !== owner) {
    return `${taken}. Stop what listens there, or choose another ${configKey(owner, "cluster.httpPort")}`;
  }
  const remedy = `take it down first (${takeDownCommand(owner)})`;
  return `${taken} by cluster "${holder.name}", which is this stack's. A cluster can't be renamed: ${remedy}`;
}

/** The cluster of ours that a port leads to. */
async function clusterAtPort(httpPort: number): Promise<{ name: string; owner: string } | undefined> {
  const filters = [`--filter=publish=${httpPort}/tcp`, `--filter=label=${kindClusterLabel}`];
  const { stdout: name } = await tryDocker(["ps", ...filters, "--format", `{{.Label "${kindClusterLabel}"}}`]);
  const state = name === "" ? undefined : await unlessUnreachable(clusterState(name));
  return state && "mark" in state ? { name, owner: state.mark.owner } : undefined;
}

/** Compares the inputs with the last ones, and with what the Docker engine has now. */
export async function diff(
  _id: string,
  olds: KindClusterOutputs,
  news: KindClusterInputs,
): Promise<pulumi.dynamic.DiffResult> {
  const replaces: string[] = (["name", ...fixedProperties] as const).filter((key) => olds[key] !== news[key]);
  const state = await unlessUnreachable(clusterState(olds.name));
  if (state?.phase === "absent" || state?.phase === "broken") replaces.push("incarnation");
  const isAnother = state !== undefined && "incarnation" in state && state.incarnation !== olds.incarnation;
  const isSameMirror = olds.registry.host === news.registry.host && olds.registry.endpoint === news.registry.endpoint;
  return {
    changes: replaces.length > 0 || state?.phase === "stopped" || isAnother || !isSameMirror,
    replaces,
    // Two clusters can't have the same name or port at the same time.
    deleteBeforeReplace: true,
  };
}

/** @throws Error when the cluster belongs to others, or can't be made */
export async function create(inputs: KindClusterInputs): Promise<pulumi.dynamic.CreateResult<KindClusterOutputs>> {
  const facts = await ensureCluster(inputs, inputs.registry, inputs.owner);
  return { id: inputs.name, outs: outputsOf(inputs, facts) };
}

/** Starts the cluster, and connects it to its registry. */
export async function update(
  _id: string,
  _olds: KindClusterOutputs,
  news: KindClusterInputs,
): Promise<pulumi.dynamic.UpdateResult<KindClusterOutputs>> {
  return { outs: outputsOf(news, await startCluster(news.name, news.registry)) };
}

/** Returns no id when the cluster is gone. @throws CommandError when no Docker engine answers: that is not "gone" */
export async function read(
  id: string,
  props?: KindClusterOutputs,
): Promise<pulumi.dynamic.ReadResult<KindClusterOutputs>> {
  const { phase } = await clusterState(id);
  const exists = phase === "stopped" || phase === "running";
  return exists && props !== undefined ? { id, props } : {};
}

const remove = (id: string, { owner }: KindClusterOutputs): Promise<void> => deleteOwnCluster(id, owner);
export { remove as delete };

const outputsOf = (inputs: KindClusterInputs, facts: ClusterFacts): KindClusterOutputs => ({
  ...inputs,
  ...facts,
  context: contextName(inputs.name),
  node: controlPlaneName(inputs.name),
});
