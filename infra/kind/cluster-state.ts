import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { docker } from "../../host/command.ts";
import { controlPlane, type KindClusterSpec } from "./cluster-spec.ts";

/** Who made a cluster, and what it was asked to be; kept in a file on each of its nodes. */
export interface Mark {
  /** `<project>/<stack>` */
  owner: string;
  spec: KindClusterSpec;
}

/** What the Docker engine knows of a cluster. */
export type ClusterState =
  | { phase: "absent" }
  /** Somebody else's: it carries no mark of ours. */
  | { phase: "foreign" }
  /** Ours, but its creation, or one of its nodes, is not whole. */
  | { phase: "broken" }
  | { phase: "stopped" | "running"; mark: Mark; incarnation: string };

const markFile = "/kind/owner.json";

/** The volume that says a creation of ours is under way; kind can't label its containers. */
const intentVolume = (cluster: string) => `${cluster}-being-created`;

/** The label on everything of ours that is not a node, with the cluster's name. */
export const clusterLabel = "kind-fleet.cluster";

/** Says, before the first container exists, that the cluster is being made by us. */
export async function declareIntent(cluster: string): Promise<void> {
  await docker(["volume", "create", "--label", `${clusterLabel}=${cluster}`, intentVolume(cluster)]);
}

/** Forgets that a cluster is being made. */
export async function dropIntent(cluster: string): Promise<void> {
  await docker(["volume", "rm", "--force", intentVolume(cluster)]);
}

/** Marks a whole cluster as ours. */
export async function writeMark(cluster: string, mark: Mark): Promise<void> {
  for (const { name } of await listNodes(cluster))
    await docker(["exec", "--interactive", name, "tee", markFile], { input: JSON.stringify(mark) });
}

/** Starts the nodes that are stopped or paused. */
export async function startNodes(cluster: string): Promise<void> {
  const nodes = await listNodes(cluster);
  const paused = nodes.filter(({ state }) => state === "paused").map(({ name }) => name);
  const stopped = nodes.filter(({ state }) => state !== "paused" && state !== "running").map(({ name }) => name);
  if (paused.length > 0) await docker(["unpause", ...paused]);
  if (stopped.length > 0) await docker(["start", ...stopped]);
}

/**
 * Asks the Docker engine, not the cluster's API, so that an absent cluster is told from one that doesn't answer.
 *
 * @throws CommandError when no engine answers
 */
export async function clusterState(cluster: string): Promise<ClusterState> {
  const nodes = await listNodes(cluster);
  if (nodes.length === 0) return { phase: "absent" };
  const mark = await readMark(nodes.map(({ name }) => name));
  if (mark === undefined) return { phase: (await hasIntent(cluster)) ? "broken" : "foreign" };
  const main = nodes.find((node) => node.name === controlPlane(cluster));
  if (main === undefined || nodes.length !== 1 + mark.spec.workers) return { phase: "broken" };
  const phase = nodes.every((node) => node.state === "running") ? "running" : "stopped";
  return { phase, mark, incarnation: main.id };
}

/** The names of a cluster's nodes, running or not. */
export async function nodeNames(cluster: string): Promise<string[]> {
  return (await listNodes(cluster)).map((node) => node.name);
}

async function listNodes(cluster: string) {
  const format = "{{.ID}} {{.Names}} {{.State}}";
  const filter = `label=io.x-k8s.kind.cluster=${cluster}`;
  const lines = await docker(["ps", "--all", "--no-trunc", "--filter", filter, "--format", format]);
  return lines
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const [id = "", name = "", state = ""] = line.split(" ");
      return { id, name, state };
    });
}

async function hasIntent(cluster: string): Promise<boolean> {
  const names = await docker(["volume", "ls", "--quiet", "--filter", `label=${clusterLabel}=${cluster}`]);
  return names.split("\n").includes(intentVolume(cluster));
}

/** The mark of whichever node has it: one of them may have been removed. */
async function readMark(nodes: readonly string[]): Promise<Mark | undefined> {
  for (const node of nodes) {
    const mark = await readMarkOf(node);
    if (mark !== undefined) return mark;
  }
  return undefined;
}

/** Copies the mark out, which works on a stopped container too. */
async function readMarkOf(node: string): Promise<Mark | undefined> {
  const folder = await mkdtemp(join(tmpdir(), "kind-mark-"));
  try {
    const file = join(folder, "owner.json");
    await docker(["cp", `${node}:${markFile}`, file]);
    return JSON.parse(await readFile(file, "utf8")) as Mark;
  } catch (failure) {
    if (/could not find the file|no such container|not found/i.test(String(failure))) return undefined;
    throw failure;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
