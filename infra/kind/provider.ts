// Users' states hold the path of this file (infra/pulumi/lazy-resource.ts), and no import refers to most of its functions.
import type * as pulumi from "@pulumi/pulumi";
import { controlPlaneName } from "../../config/cluster-config.ts";
import { downCommand } from "../../config/wording.ts";
import { tryDocker, unlessUnreachable } from "../../host/docker.ts";
import { portIsFree } from "../../host/port.ts";
import { withoutUndefined } from "../../host/without-undefined.ts";
import { isAsked } from "../ownership/asked.ts";
import { kindClusterLabel } from "../ownership/docker-labels.ts";
import { currentEngine, type Engine } from "../ownership/engine.ts";
import { type Owner, ownerFromState } from "../ownership/owner.ts";
import { clusterSubject, configKey, otherEngineRefusal, refusal } from "../ownership/refusal.ts";
import type { RegistryMirror } from "../registry/registry-address.ts";
import { contextName, fixedProperties, type KindClusterSpec, specOf } from "./cluster-spec.ts";
import { standingCluster } from "./cluster-state.ts";
import { type ClusterFacts, deleteOwnCluster, ensureCluster, refuseUnlessAdopted, startCluster } from "./lifecycle.ts";
import { claimOf, incarnationOf, phaseOf, type StandingCluster } from "./standing-cluster.ts";

/** The resource's inputs. */
export interface KindClusterInputs extends KindClusterSpec {
  /** The registry that the nodes pull from. */
  registry: RegistryMirror;
  /** Who makes it. A change of what is said here is no change of the cluster: see cluster-mark.ts. */
  owner: Owner;
  /** The Docker engine that has the cluster; {@link check} fills it in. @default no engine answered so far */
  engine?: Engine;
}

/** The resource's outputs, which the state keeps. */
export interface KindClusterOutputs extends Omit<KindClusterInputs, "owner">, ClusterFacts {
  /** As it was when the cluster was made; `<project>/<stack>` in states of earlier versions. */
  owner: Owner | string;
  context: string;
  node: string;
}

/** Finds what would fail, before anything is made. */
export async function check(
  olds: Partial<KindClusterInputs>,
  news: KindClusterInputs,
): Promise<pulumi.dynamic.CheckResult<KindClusterInputs>> {
  const failures: pulumi.dynamic.CheckFailure[] = [];
  const [standing, engine] = await Promise.all([
    unlessUnreachable(standingCluster(news.name)),
    unlessUnreachable(currentEngine()),
  ]);
  const claim = standing && claimOf(standing, news.owner);
  // Whether a cluster that the state has is still ours, diff decides: it also knows which container that was.
  if (claim && olds.name !== news.name && !(claim.by === "others" && isAsked("adopt"))) {
    const reason = refusal(claim, clusterSubject(news.name), news.owner);
    if (reason !== undefined) failures.push({ property: "name", reason });
  }
  if (standing?.nodes.length === 0 && olds.name === news.name) {
    const reason = otherEngineRefusal(clusterSubject(news.name).thing, olds.engine, engine, news.owner.stack);
    if (reason !== undefined) failures.push({ property: "name", reason });
  }
  const isNew = standing === undefined || standing.nodes.length === 0;
  const needsPort = isNew || (olds.httpPort !== undefined && olds.httpPort !== news.httpPort);
  if (failures.length === 0 && needsPort && !(await portIsFree(news.httpPort))) {
    failures.push({ property: "httpPort", reason: await portTakenMessage(news) });
  }
  const inputs = { ...news, image: standing ? imageFor(olds, news, standing) : (olds.image ?? news.image) };
  const known = engine ?? olds.engine;
  if (known !== undefined) inputs.engine = known;
  return { inputs, failures };
}

/**
 * The node image: a cluster that stands keeps its own when only ours has become newer, until the user asks for the
 * replacement. A cluster that has to be made anyway gets the newer one.
 */
export function imageFor(olds: Partial<KindClusterInputs>, news: KindClusterInputs, standing: StandingCluster): string {
  const phase = phaseOf(standing);
  if (isAsked("replace") || phase === "absent" || phase === "broken") return news.image;
  const has = olds.name === news.name ? olds : { ...news, ...standing.mark?.spec };
  const isChanged = fixedProperties.some((key) => key !== "image" && has[key] !== news[key]);
  return isChanged ? news.image : (has.image ?? news.image);
}

async function portTakenMessage({ httpPort, owner }: KindClusterInputs): Promise<string> {
  const taken = `port ${httpPort} of 127.0.0.1 is taken`;
  const holder = await clusterAtPort(httpPort);
  if (holder === undefined || claimOf(holder, owner).by !== "us") {
    return `${taken}. Stop what listens there, or choose another ${configKey(owner.project, "cluster.httpPort")}`;
  }
  const remedy = `take it down first (${downCommand(owner.stack)})`;
  return `${taken} by cluster "${holder.name}", which is this stack's. A cluster can't be renamed: ${remedy}`;
}

/** The cluster that a port leads to. */
async function clusterAtPort(httpPort: number): Promise<StandingCluster | undefined> {
  const filters = [`--filter=publish=${httpPort}/tcp`, `--filter=label=${kindClusterLabel}`];
  const { stdout: name } = await tryDocker(["ps", ...filters, "--format", `{{.Label "${kindClusterLabel}"}}`]);
  return name === "" ? undefined : unlessUnreachable(standingCluster(name));
}

/**
 * Compares the inputs with the last ones, and with what the Docker engine has now.
 *
 * @throws Error when the cluster is not ours any more
 */
export async function diff(
  _id: string,
  olds: KindClusterOutputs,
  news: KindClusterInputs,
): Promise<pulumi.dynamic.DiffResult> {
  return differenceFrom(olds, news, await unlessUnreachable(standingCluster(olds.name)));
}

/**
 * Compares the inputs with the last ones, and with what stands.
 *
 * @param standing undefined: no engine answers
 * @throws Error when the cluster is not ours any more
 */
export function differenceFrom(
  olds: KindClusterOutputs,
  news: KindClusterInputs,
  standing: StandingCluster | undefined,
): pulumi.dynamic.DiffResult {
  const replaces: string[] = (["name", ...fixedProperties] as const).filter((key) => olds[key] !== news[key]);
  if (standing !== undefined) {
    refuseUnlessAdopted(claimOf(standing, knowledgeOf(olds, news.owner)), olds.name, news.owner);
  }
  const phase = standing && phaseOf(standing);
  if (phase === "absent" || phase === "broken") replaces.push("incarnation");
  const isAnotherCluster = standing !== undefined && incarnationOf(standing) !== olds.incarnation;
  const isSameMirror = olds.registry.host === news.registry.host && olds.registry.endpoint === news.registry.endpoint;
  return {
    changes: replaces.length > 0 || phase === "stopped" || isAnotherCluster || !isSameMirror,
    replaces,
    // Two clusters can't have the same name or port at the same time.
    deleteBeforeReplace: true,
  };
}

/** @throws Error when the cluster belongs to others, or can't be made */
export async function create(inputs: KindClusterInputs): Promise<pulumi.dynamic.CreateResult<KindClusterOutputs>> {
  const owner = { ...inputs.owner, engine: inputs.engine?.id };
  const facts = await ensureCluster(specOf(inputs), inputs.registry, owner);
  return { id: inputs.name, outs: outputsOf(inputs, facts) };
}

/** Starts the cluster, and connects it to its registry. */
export async function update(
  _id: string,
  olds: KindClusterOutputs,
  news: KindClusterInputs,
): Promise<pulumi.dynamic.UpdateResult<KindClusterOutputs>> {
  const facts = await startCluster(news.name, news.registry);
  // An API server that is away for a moment does not make it another cluster.
  const uid = facts.uid ?? (facts.incarnation === olds.incarnation ? olds.uid : undefined);
  return { outs: outputsOf(news, withoutUndefined({ ...facts, uid })) };
}

/** Returns no id when the cluster is gone. @throws CommandError when no Docker engine answers: that is not "gone" */
export async function read(
  id: string,
  props?: KindClusterOutputs,
): Promise<pulumi.dynamic.ReadResult<KindClusterOutputs>> {
  const standing = await standingCluster(id);
  const phase = phaseOf(standing);
  if (phase === "absent" && props !== undefined) await refuseOtherEngine(props);
  const exists = phase === "stopped" || phase === "running";
  return exists && props !== undefined ? { id, props } : {};
}

/** @throws Error when the cluster is on another engine, or another fleet has taken it over */
async function remove(id: string, props: KindClusterOutputs): Promise<void> {
  const standing = await standingCluster(id);
  if (standing.nodes.length === 0) await refuseOtherEngine(props);
  const known = knowledgeOf(props);
  // The state of a cluster that an earlier version made knows no fleet, only the very container.
  if (typeof props.owner === "string" && incarnationOf(standing) === props.incarnation) {
    known.fleet = standing.mark?.owner.fleet ?? known.fleet;
  }
  await deleteOwnCluster(id, ownerIn(props), known);
}
export { remove as delete };

/** @throws Error when the state remembers another engine than the one that answers */
async function refuseOtherEngine(props: KindClusterOutputs): Promise<void> {
  const { thing } = clusterSubject(props.name);
  const message = otherEngineRefusal(thing, props.engine, await currentEngine(), ownerIn(props).stack);
  if (message !== undefined) throw new Error(message);
}

const ownerIn = ({ owner }: KindClusterOutputs): Owner => ownerFromState(owner);

/** What the state knows of the cluster. @param owner who runs this, where that is known */
function knowledgeOf(outputs: KindClusterOutputs, owner = ownerIn(outputs)) {
  return { fleet: owner.fleet, container: outputs.incarnation };
}

const outputsOf = (inputs: KindClusterInputs, facts: ClusterFacts): KindClusterOutputs => ({
  ...inputs,
  ...facts,
  context: contextName(inputs.name),
  node: controlPlaneName(inputs.name),
});
