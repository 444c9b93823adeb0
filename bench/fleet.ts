/**
 * Times the commands on a fleet of two clusters that are made for this run, with all tools already installed. Also
 * compares how long a stack's cluster and bare `kind create cluster` take, in turn.
 *
 *   npm run bench:fleet [-- --rounds 3]
 */
import { join } from "node:path";
import Table from "cli-table3";
import { Command } from "commander";
import { stringify } from "yaml";
import { prepare } from "../fleet/setup/prepare.ts";
import { kind } from "../host/kind.ts";
import { inTemporaryFolder } from "../host/temporary-folder.ts";
import { waitFor } from "../host/wait.ts";
import { kubeletPatch } from "../infra/kind/cluster-spec.ts";
import { deleteCluster, ensureCluster } from "../infra/kind/lifecycle.ts";
import { setVariable } from "../tests/support/environment-variable.ts";
import { freePort } from "../tests/support/free-port.ts";
import { testOwner } from "../tests/support/test-owner.ts";
import { removeCluster, sweep, throwawayName } from "../tests/support/throwaway-clusters.ts";
import { ThrowawayProject } from "../tests/support/throwaway-project.ts";
import { images } from "../versions.ts";
import { median } from "./median.ts";
import { parsePositiveInteger } from "./positive-integer.ts";

const { rounds } = new Command("npm run bench:fleet --")
  .option("--rounds <count>", "how often everything is done", parsePositiveInteger, 3)
  .parse()
  .opts<{ rounds: number }>();

/** Seconds that each round took, by what was done. */
const times = new Map<string, number[]>();

await prepare("clusters");
await sweep();
for (let round = 0; round < rounds; round++) {
  await timeCommands(round);
  await inTemporaryFolder("bench-fleet-", timeClusters);
}
console.log(`${rounds} rounds\n${timesTable()}`);

async function timeCommands(round: number): Promise<void> {
  const project = await ThrowawayProject.create(["staging", "development"]);
  const greeting = `hello from round ${round}`;
  try {
    await timed("up, from nothing", () => project.succeed("up"));
    await timed("up, nothing changed", () => project.succeed("up"));
    await project.edit("service/src/handlers/greeting.ts", "hello", greeting);
    await timed("up, another text, to its answers", async () => {
      await project.succeed("up");
      await waitFor("the new text", 60, () => expectGreeting(project, greeting));
    });
    await timed("down", () => project.succeed("down"));
  } finally {
    await project.remove();
  }
}

/** @throws Error if a cluster answers another text */
async function expectGreeting(project: ThrowawayProject, greeting: string): Promise<void> {
  for (const stack of project.clusters.keys()) {
    const response = await fetch(project.endpoint(stack), { signal: AbortSignal.timeout(5000) });
    const answer = await response.text();
    if (answer !== greeting) throw new Error(`${stack} still answers ${answer}`);
  }
}

/** Nothing but what lets the nodes' Kubernetes run on a machine with cgroup v1, too. */
const bareKindConfig = {
  kind: "Cluster",
  apiVersion: "kind.x-k8s.io/v1alpha4",
  kubeadmConfigPatches: [kubeletPatch(images.node)],
};

async function timeClusters(folder: string): Promise<void> {
  const restore = setVariable("KUBECONFIG", join(folder, "kubeconfig"));
  const bare = throwawayName();
  const ours = throwawayName();
  try {
    await timed("bare kind create cluster", () =>
      kind(["create", "cluster", "--name", bare, "--config", "-"], {
        input: stringify({ ...bareKindConfig, nodes: [{ role: "control-plane", image: images.node }] }),
        deadlineSeconds: 300,
      }),
    );
    await removeCluster(bare);
    const spec = { name: ours, image: images.node, httpPort: await freePort(), workers: 0 };
    await timed("a cluster of a stack", () =>
      ensureCluster(spec, { host: "localhost:1", endpoint: "http://none:5000" }, testOwner("bench")),
    );
    await deleteCluster(ours);
  } finally {
    for (const name of [bare, ours]) await removeCluster(name);
    restore();
  }
}

/** Does some work, and notes how many seconds it took. */
async function timed(what: string, work: () => Promise<unknown>): Promise<void> {
  const began = performance.now();
  await work();
  const seconds = (performance.now() - began) / 1000;
  times.set(what, [...(times.get(what) ?? []), seconds]);
  console.error(`${what}: ${seconds.toFixed(1)} s`);
}

function timesTable(): string {
  const table = new Table({ head: ["", "median s", "least", "most"], style: { head: [], border: [] } });
  for (const [what, seconds] of times) {
    const figures = [median(seconds), Math.min(...seconds), Math.max(...seconds)];
    table.push([what, ...figures.map((figure) => figure.toFixed(1))]);
  }
  return table.toString();
}
