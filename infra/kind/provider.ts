import type * as pulumi from "@pulumi/pulumi";
import { CommandError, docker, engineUnreachable } from "../../host/command.ts";
import { portIsFree } from "../../host/port.ts";
import {
  bringUp,
  deleteOwnCluster,
  ensureCluster,
  foreignMessage,
  otherOwnerMessage,
  type RegistryMirror,
} from "./lifecycle.ts";
import { contextName, controlPlane, type KindClusterSpec } from "./cluster-spec.ts";
import { type ClusterState, clusterState } from "./cluster-state.ts";

/** What the engine hands to the provider. */
export interface KindClusterInputs extends KindClusterSpec {
  registry: RegistryMirror;
  /** `<project>/<stack>`, which marks the cluster as ours. */
  owner: string;
}

/** What the engine keeps. */
export interface KindClusterOutputs extends KindClusterInputs {
  kubeconfig: string;
  context: string;
  node: string;
  incarnation: string;
}

/** What kind can't change on a cluster that exists. */
const fixed = ["name", "image", "httpPort", "workers", "ipFamily"] as const;

/** Finds what would fail, before anything is made. */
export async function check(
  olds: Partial<KindClusterInputs>,
  news: KindClusterInputs,
): Promise<pulumi.dynamic.CheckResult<KindClusterInputs>> {
  const failures: pulumi.dynamic.CheckFailure[] = [];
  const state = await stateOrUnknown(news.name);
  if (state?.phase === "foreign") failures.push({ property: "name", reason: foreignMessage(news.name) });
  if (state && "mark" in state && state.mark.owner !== news.owner)
    failures.push({ property: "name", reason: otherOwnerMessage(news.name, state.mark.owner) });
  const takesPort =
    state === undefined || state.phase === "absent"
      ? true
      : olds.httpPort !== undefined && olds.httpPort !== news.httpPort;
  if (takesPort && !(await portIsFree(news.httpPort))) {
    failures.push({ property: "httpPort", reason: await takenMessage(news) });
  }
  return { inputs: news, failures };
}

async function takenMessage({ httpPort, owner }: KindClusterInputs): Promise<string> {
  const taken = `port ${httpPort} of 127.0.0.1 is taken`;
  const earlier = await clusterAt(httpPort);
  return earlier?.owner === owner
    ? `${taken} by cluster "${earlier.name}", which is this stack's. A cluster can't be renamed: take it down first (npm run down -- ${owner.split("/").at(-1) ?? owner})`
    : `${taken}. Stop what listens there, or choose another identity:cluster.httpPort`;
}

/** The cluster that a port leads to, and whose it is. */
async function clusterAt(httpPort: number): Promise<{ name: string; owner: string } | undefined> {
  const format = '{{.Label "io.x-k8s.kind.cluster"}}';
  const name = await docker([
    "ps",
    `--filter=publish=${httpPort}/tcp`,
    "--filter=label=io.x-k8s.kind.cluster",
    "--format",
    format,
  ]).catch(() => "");
  const state = name === "" ? undefined : await stateOrUnknown(name);
  return state && "mark" in state ? { name, owner: state.mark.owner } : undefined;
}

/** Compares what is asked for with what was, and with what the Docker engine has now. */
export async function diff(
  _id: string,
  olds: KindClusterOutputs,
  news: KindClusterInputs,
): Promise<pulumi.dynamic.DiffResult> {
  const replaces: string[] = fixed.filter((key) => olds[key] !== news[key]);
  const state = await stateOrUnknown(olds.name);
  if (state?.phase === "absent" || state?.phase === "broken") replaces.push("incarnation");
  const moved = state !== undefined && "incarnation" in state && state.incarnation !== olds.incarnation;
  const mirrored = olds.registry.host === news.registry.host && olds.registry.endpoint === news.registry.endpoint;
  return {
    changes: replaces.length > 0 || state?.phase === "stopped" || moved || !mirrored,
    replaces,
    // Two clusters can have neither the same name nor the same port.
    deleteBeforeReplace: true,
  };
}

export async function create(inputs: KindClusterInputs): Promise<pulumi.dynamic.CreateResult<KindClusterOutputs>> {
  const facts = await ensureCluster(inputs, inputs.registry, inputs.owner);
  return { id: inputs.name, outs: outputs(inputs, facts) };
}

export async function update(
  _id: string,
  _olds: KindClusterOutputs,
  news: KindClusterInputs,
): Promise<pulumi.dynamic.UpdateResult<KindClusterOutputs>> {
  return { outs: outputs(news, await bringUp(news.name, news.registry)) };
}

/** An absent cluster has no id any more; one that can't be asked after is an error, never "absent". */
export async function read(
  id: string,
  props?: KindClusterOutputs,
): Promise<pulumi.dynamic.ReadResult<KindClusterOutputs>> {
  const state = await clusterState(id);
  if (props === undefined || state.phase === "absent" || state.phase === "foreign" || state.phase === "broken")
    return {};
  return { id, props };
}

const remove = (id: string, { owner }: KindClusterOutputs): Promise<void> => deleteOwnCluster(id, owner);
export { remove as delete };

const outputs = (
  inputs: KindClusterInputs,
  facts: { kubeconfig: string; incarnation: string },
): KindClusterOutputs => ({
  ...inputs,
  ...facts,
  context: contextName(inputs.name),
  node: controlPlane(inputs.name),
});

/** Previews work without an engine: then nothing is known of what is there. */
async function stateOrUnknown(cluster: string): Promise<ClusterState | undefined> {
  try {
    return await clusterState(cluster);
  } catch (failure) {
    if (failure instanceof CommandError && engineUnreachable(failure)) return undefined;
    throw failure;
  }
}
