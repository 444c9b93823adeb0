import { identifyProcess, stillRuns } from "../../host/process-identity.ts";
import { docker, tryDocker } from "../../host/docker.ts";
import {
  clusterLabel,
  creationLabels,
  factLabels,
  jsonFormat,
  kindClusterLabel,
  labelOptions,
  labelValue,
  ownerLabel,
} from "../ownership/docker-labels.ts";
import { type Owner, labelsOf, ownerFromFacts, ownerFromLabels, ownerOf } from "../ownership/owner.ts";
import { type KindClusterSpec, specOf } from "./cluster-spec.ts";
import type { Creation, Mark, StandingCluster, StandingNode } from "./standing-cluster.ts";

const markFile = "/kind/owner.json";

/** The longest that a creation can take: one whose process can't be looked for from here counts as running so long. */
const longestCreationSeconds = 600;

/** A volume of this name shows that the cluster is being created, before it has a node that could carry a mark. */
const creationVolume = (cluster: string) => `${cluster}-being-created`;

/**
 * Records, before the first container exists, that we are creating the cluster.
 *
 * @returns the record that stands then: another fleet's, if that one was faster
 */
export async function recordCreation(cluster: string, owner: Owner): Promise<Creation | undefined> {
  const self = await identifyProcess();
  const labels: Record<string, string> = {
    [clusterLabel]: cluster,
    ...labelsOf(owner),
    [creationLabels.since]: new Date().toISOString(),
  };
  if (self !== undefined) {
    labels[creationLabels.pid] = String(self.pid);
    labels[creationLabels.start] = self.start;
    labels[creationLabels.realm] = self.realm;
  }
  // Where the volume exists, this does nothing, and succeeds.
  await docker(["volume", "create", ...labelOptions(labels), creationVolume(cluster)]);
  return (await listCreations(cluster)).get(cluster);
}

/** Removes what {@link recordCreation} recorded. */
export async function forgetCreation(cluster: string): Promise<void> {
  await docker(["volume", "rm", "--force", creationVolume(cluster)]);
}

/** Whether any cluster is being created, by whoever. */
export const isAnyBeingCreated = async (): Promise<boolean> => (await listCreations()).size > 0;

/** Marks every node of a complete cluster, which has to run. */
export async function writeMark(cluster: string, owner: Owner, spec: KindClusterSpec): Promise<void> {
  // `owner` is what earlier versions read. They wrote more than the spec.
  const input = JSON.stringify({ ...owner, owner: ownerOf(owner.project, owner.stack), spec: specOf(spec) });
  const nodes = (await listNodes(cluster)).get(cluster) ?? [];
  for (const { name } of nodes) await docker(["exec", "--interactive", name, "tee", markFile], { input });
}

/** The marks of a cluster's nodes, by node; undefined for a node without one. */
export async function readMarks(nodes: readonly StandingNode[]): Promise<(Mark | undefined)[]> {
  return Promise.all(nodes.map(({ name }) => readMark(name)));
}

/** Starts the nodes that are stopped or paused. */
export async function startNodes(nodes: readonly StandingNode[]): Promise<void> {
  const paused = nodes.filter(({ state }) => state === "paused").map(({ name }) => name);
  const stopped = nodes.filter(({ state }) => state !== "paused" && state !== "running").map(({ name }) => name);
  if (paused.length > 0) await docker(["unpause", ...paused]);
  if (stopped.length > 0) await docker(["start", ...stopped]);
}

/**
 * What stands of a cluster. Asks the Docker engine, not the cluster's API, to tell a missing cluster from one that
 * doesn't answer.
 *
 * @throws CommandError when no engine answers
 */
export async function standingCluster(cluster: string): Promise<StandingCluster> {
  const [nodes, creations] = await Promise.all([listNodes(cluster), listCreations(cluster)]);
  return withMark(cluster, nodes.get(cluster) ?? [], creations.get(cluster));
}

/** What stands of every kind cluster, by name. @throws CommandError when no engine answers */
export async function standingClusters(): Promise<Map<string, StandingCluster>> {
  const [nodes, creations] = await Promise.all([listNodes(), listCreations()]);
  const names = [...new Set([...nodes.keys(), ...creations.keys()])];
  const all = await Promise.all(names.map((name) => withMark(name, nodes.get(name) ?? [], creations.get(name))));
  return new Map(all.map((standing) => [standing.name, standing]));
}

async function withMark(name: string, nodes: StandingNode[], creation: Creation | undefined): Promise<StandingCluster> {
  // Every node carries the mark, since any of them may be removed.
  for (const node of nodes) {
    const mark = await readMark(node.name);
    if (mark !== undefined) return { name, nodes, mark, creation };
  }
  return { name, nodes, mark: undefined, creation };
}

/** The nodes of one cluster, or of all, by cluster. */
async function listNodes(cluster?: string): Promise<Map<string, StandingNode[]>> {
  const filter = `label=${kindClusterLabel}${cluster === undefined ? "" : `=${cluster}`}`;
  const format = jsonFormat(labelValue(kindClusterLabel), ".ID", ".Names", ".State", ".CreatedAt");
  const lines = await docker(["ps", "--all", "--no-trunc", "--filter", filter, "--format", format]);
  const all = new Map<string, StandingNode[]>();
  for (const line of lines.split("\n").filter(Boolean)) {
    const [name = "", id = "", node = "", state = "", since = ""] = JSON.parse(line) as string[];
    all.set(name, [...(all.get(name) ?? []), { id, name: node, state, since }]);
  }
  return all;
}

/** The recorded creations of one cluster, or of all, by cluster. */
async function listCreations(cluster?: string): Promise<Map<string, Creation>> {
  const filter = `label=${clusterLabel}${cluster === undefined ? "" : `=${cluster}`}`;
  const labels = [clusterLabel, ownerLabel, ...Object.values(factLabels), ...Object.values(creationLabels)];
  const format = jsonFormat(".Name", ...labels.map(labelValue));
  const lines = await docker(["volume", "ls", "--filter", filter, "--format", format]);
  const found = new Map<string, Creation>();
  for (const line of lines.split("\n").filter(Boolean)) {
    const [volume, ...values] = JSON.parse(line) as string[];
    const label = Object.fromEntries(labels.map((name, index) => [name, values[index] ?? ""]));
    const name = label[clusterLabel] ?? "";
    if (volume !== creationVolume(name)) continue;
    // Earlier versions wrote no time.
    if (label[creationLabels.since] === "") label[creationLabels.since] = await madeAt(volume);
    found.set(name, await toCreation(label));
  }
  return found;
}

async function madeAt(volume: string): Promise<string> {
  return (await tryDocker(["volume", "inspect", "--format", "{{.CreatedAt}}", volume])).stdout;
}

async function toCreation(labels: Readonly<Record<string, string>>): Promise<Creation> {
  const text = (label: string) => labels[label] ?? "";
  const since = text(creationLabels.since);
  const process =
    text(creationLabels.pid) === ""
      ? undefined
      : {
          pid: Number(text(creationLabels.pid)),
          start: text(creationLabels.start),
          realm: text(creationLabels.realm),
        };
  const isRecent = Date.now() - Date.parse(since) < longestCreationSeconds * 1000;
  const runs = (process && (await stillRuns(process))) ?? isRecent;
  return { owner: ownerFromLabels(labels), process, since, runs };
}

/** Reads the mark by copying it out, which works on a stopped container, too. */
async function readMark(node: string): Promise<Mark | undefined> {
  const { stdout, error } = await tryDocker(["cp", `${node}:${markFile}`, "-"]);
  if (error === undefined) return parseMark(firstFileOfTar(stdout));
  if (/could not find the file|no such (container|file)|not found/i.test(error.message)) return undefined;
  throw error;
}

/** The mark in a file's text; undefined when a write was cut short. */
export function parseMark(text: string): Mark | undefined {
  try {
    const facts = JSON.parse(text) as Record<string, unknown> & { spec: KindClusterSpec };
    const owner = ownerFromFacts(facts);
    return owner && { owner, spec: facts.spec };
  } catch {
    return undefined;
  }
}

/** The content of a tar archive's first file: its header is one block of 512 bytes, with the size in octal digits. */
export function firstFileOfTar(archive: string): string {
  const bytes = Buffer.from(archive);
  const size = Number.parseInt(bytes.toString("latin1", 124, 136), 8);
  return bytes.toString("utf8", 512, 512 + size);
}
