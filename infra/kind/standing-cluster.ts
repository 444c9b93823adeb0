import { controlPlaneName } from "../../config/cluster-config.ts";
import type { ProcessIdentity } from "../../host/process-identity.ts";
import { type Claim, isOurs, type Knowledge } from "../ownership/claim.ts";
import type { MarkedOwner } from "../ownership/owner.ts";
import type { KindClusterSpec } from "./cluster-spec.ts";

/** Who made a cluster, and from which spec; kept in a file on each of its nodes, since kind can't label them. */
export interface Mark {
  owner: MarkedOwner;
  spec: KindClusterSpec;
}

/** A node's container. */
export interface StandingNode {
  id: string;
  name: string;
  /** As Docker names it: `running`, `paused`, `exited`, … */
  state: string;
  /** When it was made. */
  since: string;
}

/** The record of a creation that is under way, or was cut short. */
export interface Creation {
  /** Undefined when an earlier version began it. */
  owner: MarkedOwner | undefined;
  process: ProcessIdentity | undefined;
  since: string;
  /** Whether its process still runs, as far as can be told. */
  runs: boolean;
}

/** What stands of a cluster, as the Docker engine tells it. */
export interface StandingCluster {
  name: string;
  nodes: StandingNode[];
  /** The mark of the first node that has one. */
  mark: Mark | undefined;
  creation: Creation | undefined;
}

/**
 * The condition of a cluster. `broken`: its creation was cut short, or one of its nodes is missing. `stopped`: it is
 * complete, and not all of it runs.
 */
export type Phase = "absent" | "broken" | "stopped" | "running";

/** The condition of what stands. */
export function phaseOf({ name, nodes, mark }: StandingCluster): Phase {
  if (nodes.length === 0) return "absent";
  const isComplete = mark !== undefined && nodes.length === 1 + mark.spec.workers;
  if (!isComplete || incarnationOf({ name, nodes }) === undefined) return "broken";
  return nodes.every(({ state }) => state === "running") ? "running" : "stopped";
}

/** The id of the control plane's container; undefined when it is missing. */
export const incarnationOf = ({ name, nodes }: Pick<StandingCluster, "name" | "nodes">): string | undefined =>
  nodes.find((node) => node.name === controlPlaneName(name))?.id;

/** Whose the cluster is. */
export function claimOf(standing: StandingCluster, known: Knowledge): Claim {
  const { nodes, mark, creation } = standing;
  const since = nodes[0]?.since ?? creation?.since ?? "";
  if (mark !== undefined) {
    if (isOurs(mark.owner, incarnationOf(standing), known)) return { by: "us" };
    return { by: "others", owner: mark.owner, since, halfMade: false };
  }
  if (creation !== undefined) {
    const { owner, process } = creation;
    if (owner?.fleet !== undefined && owner.fleet === known.fleet) return { by: "us" };
    if (creation.runs) return { by: "a creation", owner, since: creation.since, pid: process?.pid };
    // An earlier version recorded no owner: what it left half-made is nobody's, and safe to make anew.
    return owner === undefined ? { by: "us" } : { by: "others", owner, since: creation.since, halfMade: true };
  }
  return { by: nodes.length === 0 ? "nobody" : "strangers" };
}
