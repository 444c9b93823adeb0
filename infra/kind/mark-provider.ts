// Users' states hold the path of this file (infra/pulumi/lazy-resource.ts), and no import refers to most of its functions.
import type * as pulumi from "@pulumi/pulumi";
import { unlessUnreachable } from "../../host/docker.ts";
import { currentEngine } from "../ownership/engine.ts";
import type { Owner } from "../ownership/owner.ts";
import { readMarks, standingCluster, writeMark } from "./cluster-state.ts";
import { refuseUnlessAdopted } from "./lifecycle.ts";
import { claimOf, type Mark, phaseOf, type StandingCluster } from "./standing-cluster.ts";

/** The resource's inputs. */
export interface ClusterMarkInputs {
  /** The cluster's name. */
  cluster: string;
  /** The very cluster: see {@link KindClusterOutputs}. */
  incarnation: string;
  owner: Owner;
}

/** What a mark has to say. The user and the machine's name may differ from one run to the next. */
const compared = ["fleet", "project", "stack", "folder"] as const;

export const check = (
  _olds: Partial<ClusterMarkInputs>,
  news: ClusterMarkInputs,
): Promise<pulumi.dynamic.CheckResult<ClusterMarkInputs>> => Promise.resolve({ inputs: news, failures: [] });

/** Compares the inputs with what the nodes' marks say now. */
export async function diff(
  _id: string,
  olds: ClusterMarkInputs,
  news: ClusterMarkInputs,
): Promise<pulumi.dynamic.DiffResult> {
  return differenceFrom(olds, news, await unlessUnreachable(standingCluster(news.cluster)));
}

/** Compares the inputs with what the nodes' marks say now. @param standing undefined: no engine answers */
export async function differenceFrom(
  olds: ClusterMarkInputs,
  news: ClusterMarkInputs,
  standing: StandingCluster | undefined,
): Promise<pulumi.dynamic.DiffResult> {
  const isOther = olds.cluster !== news.cluster || olds.incarnation !== news.incarnation;
  const isThere = standing !== undefined && phaseOf(standing) !== "absent";
  // The mark of an only node is known.
  const known = standing?.nodes.length === 1 ? [standing.mark] : undefined;
  const marks = isThere ? (known ?? (await readMarks(standing.nodes))) : [];
  return { changes: isOther || marks.some((mark) => !says(mark, news.owner)), replaces: [] };
}

const says = (mark: Mark | undefined, owner: Owner) => compared.every((fact) => mark?.owner[fact] === owner[fact]);

/** @throws Error when the cluster is another's */
export async function create(inputs: ClusterMarkInputs): Promise<pulumi.dynamic.CreateResult<ClusterMarkInputs>> {
  await mark(inputs);
  return { id: `${inputs.cluster}-mark`, outs: inputs };
}

/** @throws Error when the cluster is another's */
export async function update(
  _id: string,
  _olds: ClusterMarkInputs,
  news: ClusterMarkInputs,
): Promise<pulumi.dynamic.UpdateResult<ClusterMarkInputs>> {
  await mark(news);
  return { outs: news };
}

async function mark({ cluster, incarnation, owner }: ClusterMarkInputs): Promise<void> {
  const standing = await standingCluster(cluster);
  refuseUnlessAdopted(claimOf(standing, { fleet: owner.fleet, container: incarnation }), cluster, owner);
  if (standing.mark === undefined) return; // Its creation is not complete, and will mark it.
  await writeMark(cluster, { ...owner, engine: (await currentEngine())?.id }, standing.mark.spec);
}

export const read = (id: string, props?: ClusterMarkInputs): Promise<pulumi.dynamic.ReadResult<ClusterMarkInputs>> =>
  Promise.resolve({ id, props });

/** The mark goes with the cluster. */
const remove = (): Promise<void> => Promise.resolve();
export { remove as delete };
