import { downCommand, upCommand } from "../../config/wording.ts";
import { claimOf, type StandingCluster } from "../../infra/kind/standing-cluster.ts";
import type { Claim } from "../../infra/ownership/claim.ts";
import type { Engine } from "../../infra/ownership/engine.ts";
import { isFrom, type Owner } from "../../infra/ownership/owner.ts";
import { clusterSubject, otherEngineRefusal, refusal, registrySubject } from "../../infra/ownership/refusal.ts";
import { registryName } from "../../infra/registry/registry-address.ts";
import { claimOfRegistry, type StandingRegistry } from "../../infra/registry/registry-container.ts";
import type { StackKnowledge } from "./stack-knowledge.ts";

/** What stands on the Docker engine. */
export interface Survey {
  engine: Engine | undefined;
  /** Every kind cluster, by name. */
  clusters: ReadonlyMap<string, StandingCluster>;
  /** The containers under the names of registries, by name. */
  registries: ReadonlyMap<string, StandingRegistry>;
}

/** A stack as it is now, whatever its marks say. */
export type Us = Omit<Owner, "fleet" | "engine">;

/** What stands of a stack, and whose it is. */
export interface Finding {
  /** The names of the clusters that are, or were, or are to be the stack's. */
  clusters: string[];
  /** Those of its clusters and registries that stand and are its own, for messages. */
  own: string[];
  /** Why it can't be brought up or previewed as it is. */
  refusals: string[];
  /** Why it can't be taken down as it is: a stranger's thing under our name is no obstacle to that. */
  refusalsOfDown: string[];
  /** The refusals that a take-over overrides. */
  adoptable: string[];
  /** Whether the state's cluster is on another engine. */
  isElsewhere: boolean;
}

/**
 * Compares what a stack's state and file say with what stands.
 *
 * @param names the clusters that are, or were, or are to be the stack's
 */
export function findingOf(us: Us, known: StackKnowledge, survey: Survey, names: readonly string[]): Finding {
  const clusters = [...new Set(names)];
  const finding: Finding = {
    clusters,
    own: [],
    refusals: [],
    refusalsOfDown: [],
    adoptable: [],
    isElsewhere: false,
  };
  for (const name of clusters) {
    for (const { claim, subject } of claimsOn(name, known, survey)) {
      if (claim.by === "us") finding.own.push(subject.thing);
      const message = refusal(claim, subject, us);
      if (message === undefined) continue;
      finding.refusals.push(message);
      if (claim.by !== "strangers") finding.refusalsOfDown.push(message);
      if (claim.by === "others") finding.adoptable.push(message);
    }
  }
  const elsewhere = known.cluster && elsewhereMessage(known.cluster, finding, survey, us);
  if (elsewhere !== undefined) {
    finding.isElsewhere = true;
    finding.refusals.push(elsewhere);
    finding.refusalsOfDown.push(elsewhere);
  }
  return finding;
}

/** What is left of refusals of a finding once a take-over, if that is asked for, has overridden those that it can. */
export const remainingRefusals = (
  refusals: readonly string[],
  { adoptable }: Pick<Finding, "adoptable">,
  { adopt }: { adopt: boolean },
): string[] => refusals.filter((message) => !(adopt && adoptable.includes(message)));

function claimsOn(cluster: string, known: StackKnowledge, { clusters, registries }: Survey) {
  const { fleet } = known;
  const standing = clusters.get(cluster) ?? { name: cluster, nodes: [], mark: undefined, creation: undefined };
  const incarnation = known.cluster?.name === cluster ? known.cluster.incarnation : undefined;
  const registry = registryName(cluster);
  const container = known.registry?.name === registry ? known.registry.container : undefined;
  const claims: { claim: Claim; subject: ReturnType<typeof clusterSubject> }[] = [
    { claim: claimOf(standing, { fleet, container: incarnation }), subject: clusterSubject(cluster) },
  ];
  const registryClaim = claimOfRegistry(registries.get(registry) ?? null, { fleet, container });
  // Whoever has the cluster has its registry: one message is enough.
  if (claims[0]?.claim.by === "us" || claims[0]?.claim.by === "nobody") {
    claims.push({ claim: registryClaim, subject: registrySubject(registry) });
  }
  return claims;
}

function elsewhereMessage(
  { name, engine }: NonNullable<StackKnowledge["cluster"]>,
  { own }: Finding,
  survey: Survey,
  us: Us,
): string | undefined {
  const { thing } = clusterSubject(name);
  return own.includes(thing) ? undefined : otherEngineRefusal(thing, engine, survey.engine, us.stack);
}

/** A thing that a fleet in this folder made, and that no state knows. */
export interface Leftover {
  cluster: string;
  stack: string;
  message: string;
}

/**
 * What this folder's fleets left: clusters that were made here, for a state that is gone.
 *
 * @param fleets the ids of all fleets that the backend knows
 */
export function leftoversOf(us: Omit<Us, "stack">, survey: Survey, fleets: ReadonlySet<string>): Leftover[] {
  return [...survey.clusters.values()].flatMap((standing) => {
    const claim = claimOf(standing, {});
    if (claim.by !== "others" || !isFrom(claim.owner, us) || claim.owner.project !== us.project) return [];
    const { fleet, stack } = claim.owner;
    if (fleet !== undefined && fleets.has(fleet)) return [];
    const message = refusal(claim, clusterSubject(standing.name), { ...us, stack });
    return message === undefined ? [] : [{ cluster: standing.name, stack, message }];
  });
}

/** What newer images a stack's cluster and registry would get, and what that would cost. */
export function newerImages(
  { cluster, registry }: StackKnowledge,
  { own }: Pick<Finding, "own">,
  newer: { node: string; registry: string },
  stack: string,
): string[] {
  const lines: string[] = [];
  const remedy = upCommand(stack, "--replace");
  const nodes = cluster && clusterSubject(cluster.name).thing;
  if (nodes !== undefined && own.includes(nodes) && cluster?.image !== newer.node) {
    const kubectl = skewMessage(cluster?.image ?? "", newer.node);
    lines.push(
      `${nodes} stays on ${cluster?.image}, and there is ${newer.node}.${kubectl} ` +
        `Replacing it deletes everything in it, volumes too: ${remedy}`,
    );
  }
  const container = registry && registrySubject(registry.name).thing;
  if (container !== undefined && own.includes(container) && registry?.image !== newer.registry) {
    lines.push(
      `${container} stays on ${registry?.image}, and there is ${newer.registry}. ` +
        `Replacing it deletes what you pushed to it yourself: ${remedy}`,
    );
  }
  return lines;
}

/** kubectl, which is as new as the newer node image, works with clusters one minor version away. */
function skewMessage(has: string, newer: string): string {
  const minor = (image: string) => Number(/:v1\.(\d+)\./.exec(image)?.[1] ?? Number.NaN);
  const isTooFar = Math.abs(minor(newer) - minor(has)) > 1;
  return isTooFar ? " The kubectl here supports clusters that are one minor version away, not this one." : "";
}

/** What to say when a state's things are another fleet's by now, or elsewhere, and could be forgotten. */
export const forgetHint = (stack: string): string =>
  `To forget what the state of ${stack} says of it, and leave all that stands: ${downCommand(stack, "--forget")}`;
