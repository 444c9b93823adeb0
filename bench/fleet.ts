/**
 * Times the commands over the whole fleet, on two clusters of its own, with the tools at hand; and the making of a
 * cluster against bare `kind create cluster`, in turn.
 *
 *   npm run bench:fleet [-- --rounds 3]
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Table from "cli-table3";
import { Command } from "commander";
import { execa } from "execa";
import { start } from "../fleet/setup/prepare.ts";
import { deleteCluster, ensureCluster } from "../infra/kind/lifecycle.ts";
import { waitFor } from "../host/wait.ts";
import { freePort, removeCluster, sweep, throwawayName, ThrowawayProject } from "../tests/support/throwaway.ts";
import { setVariable } from "../tests/support/environment-variable.ts";
import { images } from "../versions.ts";
import { median } from "./median.ts";
import { positive } from "./positive-option.ts";

const { rounds } = new Command("npm run bench:fleet --")
  .option("--rounds <count>", "how often everything is done", positive, 3)
  .parse()
  .opts<{ rounds: number }>();

const greeting = (round: number) => `hello from round ${round}`;
const times = new Map<string, number[]>();

/** Seconds that some work takes. */
async function timed(what: string, work: () => Promise<unknown>): Promise<void> {
  const began = performance.now();
  await work();
  const seconds = (performance.now() - began) / 1000;
  times.set(what, [...(times.get(what) ?? []), seconds]);
  console.error(`${what}: ${seconds.toFixed(1)} s`);
}

async function timeCommands(round: number): Promise<void> {
  const project = await ThrowawayProject.create(["staging", "development"]);
  const answers = async (text: string) => {
    for (const stack of project.clusters.keys()) {
      const answer = await (await fetch(project.endpoint(stack), { signal: AbortSignal.timeout(5000) })).text();
      if (answer !== text) throw new Error(`${stack} still answers ${answer}`);
    }
  };
  try {
    await timed("up, from nothing", () => project.succeed("up"));
    await timed("up, nothing changed", () => project.succeed("up"));
    await project.edit("service/src/handlers/greeting.ts", "hello", greeting(round));
    await timed("up, another text, to its answers", async () => {
      await project.succeed("up");
      await waitFor("the new text", 60, () => answers(greeting(round)));
    });
    await timed("down", () => project.succeed("down"));
  } finally {
    await project.remove();
  }
}

async function timeClusters(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "bench-fleet-"));
  const restore = setVariable("KUBECONFIG", join(folder, "kubeconfig"));
  const [bare, ours] = [throwawayName(), throwawayName()];
  try {
    await timed("bare kind create cluster", () =>
      execa("kind", ["create", "cluster", "--name", bare, "--image", images.node], {
        stdin: "ignore",
        timeout: 300_000,
      }),
    );
    await removeCluster(bare);
    const spec = { name: ours, image: images.node, httpPort: await freePort(), workers: 0 };
    await timed("a cluster of a stack", () =>
      ensureCluster(spec, { host: "localhost:1", endpoint: "http://none:5000" }, "identity/bench"),
    );
    await deleteCluster(ours);
  } finally {
    for (const name of [bare, ours]) await removeCluster(name);
    await rm(folder, { recursive: true });
    restore();
  }
}

await start("clusters");
await sweep();
for (let round = 0; round < rounds; round++) {
  await timeCommands(round);
  await timeClusters();
}
const table = new Table({ head: ["", "median s", "least", "most"], style: { head: [], border: [] } });
for (const [what, seconds] of times)
  table.push([what, ...[median(seconds), Math.min(...seconds), Math.max(...seconds)].map((value) => value.toFixed(1))]);
console.log(`${rounds} rounds\n${table.toString()}`);
