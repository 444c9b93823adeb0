import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { controlPlaneName } from "../../config/cluster-config.ts";
import { docker } from "../../host/docker.ts";
import { inTemporaryFolder } from "../../host/temporary-folder.ts";
import { clusterLabel, kindClusterLabel } from "../ownership/docker-labels.ts";
import type { KindClusterSpec } from "./cluster-spec.ts";

/** Who made a cluster, and from which spec; kept in a file on each of its nodes, since kind can't label them. */
export interface Mark {
  /** `<project>/<stack>` */
  owner: string;
  spec: KindClusterSpec;
}

/** What the Docker engine knows of a cluster. */
export type ClusterState =
  | { phase: "absent" }
  /** Made by others: it carries no mark of ours. */
  | { phase: "foreign" }
  /** Ours, but its creation was cut short, or one of its nodes is missing. */
  | { phase: "broken" }
  | { phase: "stopped" | "running"; mark: Mark; incarnation: string };

const markFile = "/kind/owner.json";

/** A volume of this name shows that we are creating the cluster, before it has a node that could carry a mark. */
const creationVolume = (cluster: string) => `${cluster}-being-created`;

/** Records, before the first container exists, that we are creating the cluster. */
export async function recordCreation(cluster: string): Promise<void> {
  await docker(["volume", "create", "--label", `${clusterLabel}=${cluster}`, creationVolume(cluster)]);
}

/** Removes what {@link recordCreation} recorded. */
export async function forgetCreation(cluster: string): Promise<void> {
  await docker(["volume", "rm", "--force", creationVolume(cluster)]);
}

/** Marks a complete cluster as ours. */
export async function writeMark(cluster: string, mark: Mark): Promise<void> {
  const input = JSON.stringify(mark);
  for (const { name } of await listNodes(cluster)) {
    await docker(["exec", "--interactive", name, "tee", markFile], { input });
  }
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
 * Asks the Docker engine, not the cluster's API, to distinguish a missing cluster from one that doesn't answer.
 *
 * @throws CommandError when no engine answers
 */
export async function clusterState(cluster: string): Promise<ClusterState> {
  const nodes = await listNodes(cluster);
  if (nodes.length === 0) return { phase: "absent" };
  const mark = await readMark(nodes.map(({ name }) => name));
  if (mark === undefined) return { phase: (await isBeingCreated(cluster)) ? "broken" : "foreign" };
  const controlPlane = nodes.find((node) => node.name === controlPlaneName(cluster));
  if (controlPlane === undefined || nodes.length !== 1 + mark.spec.workers) return { phase: "broken" };
  const phase = nodes.every((node) => node.state === "running") ? "running" : "stopped";
  return { phase, mark, incarnation: controlPlane.id };
}

/** The names of a cluster's nodes, running or not. */
export async function nodeNames(cluster: string): Promise<string[]> {
  return (await listNodes(cluster)).map((node) => node.name);
}

async function listNodes(cluster: string) {
  const format = "{{.ID}} {{.Names}} {{.State}}";
  const filter = `label=${kindClusterLabel}=${cluster}`;
  const lines = await docker(["ps", "--all", "--no-trunc", "--filter", filter, "--format", format]);
  return lines
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const [id = "", name = "", state = ""] = line.split(" ");
      return { id, name, state };
    });
}

async function isBeingCreated(cluster: string): Promise<boolean> {
  const names = await docker(["volume", "ls", "--quiet", "--filter", `label=${clusterLabel}=${cluster}`]);
  return names.split("\n").includes(creationVolume(cluster));
}

/** The mark of the first node that has one. Every node carries it, since any of them may be removed. */
async function readMark(nodes: readonly string[]): Promise<Mark | undefined> {
  for (const node of nodes) {
    const mark = await readMarkOf(node);
    if (mark !== undefined) return mark;
  }
  return undefined;
}

/** Reads the mark by copying it out, which works on a stopped container, too. */
async function readMarkOf(node: string): Promise<Mark | undefined> {
  try {
    return await inTemporaryFolder("kind-mark-", async (folder) => {
      const file = join(folder, "owner.json");
      await docker(["cp", `${node}:${markFile}`, file]);
      return JSON.parse(await readFile(file, "utf8")) as Mark;
    });
  } catch (error) {
    if (/could not find the file|no such container|not found/i.test(String(error))) return undefined;
    throw error;
  }
}
