/**
 * Times an edit of the service's text until it is answered, on clusters that are made for this run: under `npm run dev`
 * (code swapped inside the pods), under `npm run dev -- --roll-out` (an image on each save, as for any other Dockerfile),
 * and in the way of a tutorial (docker build, kind load, delete the pods), in turn. The first is also put under load.
 *
 *   npm run bench:dev [-- --rounds 5 --loaded 20 --json dev.json]
 */
import { writeFile } from "node:fs/promises";
import Table from "cli-table3";
import { Command } from "commander";
import { prepare } from "../fleet/setup/prepare.ts";
import { DevRun } from "../tests/support/dev-run.ts";
import { addressOf } from "../tests/support/container-address.ts";
import { imageOf } from "../tests/support/kubectl.ts";
import { failedOf, LoadGenerator } from "../tests/support/load-generator.ts";
import { sweep } from "../tests/support/throwaway-clusters.ts";
import { ThrowawayProject } from "../tests/support/throwaway-project.ts";
import { median, medianRatio } from "./median.ts";
import { parsePositiveInteger } from "./positive-integer.ts";
import { answers, Tutorial, tutorialWay } from "./tutorial.ts";

const { rounds, loaded, json } = new Command("npm run bench:dev --")
  .option("--rounds <count>", "how often each way is timed", parsePositiveInteger, 5)
  .option("--loaded <count>", "edits under load", parsePositiveInteger, 20)
  .option("--json <file>", "where the figures are kept", "bench-dev.json")
  .parse()
  .opts<{ rounds: number; loaded: number; json: string }>();

/** Of the two clusters, the one that is also measured alone. */
const single = "staging";
const greetingFile = "service/src/handlers/greeting.ts";
/** Seconds of each round, by what was done. */
const times: Record<string, number[]> = {};

await prepare("clusters");
await sweep();
const project = await ThrowawayProject.create([single, "development"]);
const tutorial = new Tutorial(project);
let greeting = "hello";
try {
  await project.succeed("up");
  await tutorial.deploy(single);
  for (let round = 0; round < rounds; round++) {
    await timeDev("npm run dev, 1 cluster", [single]);
    await timeTutorial();
    await timeDev("npm run dev, 2 clusters", [...project.clusters.keys()]);
    await timeDev("npm run dev -- --roll-out, 1 cluster", [single], ["--roll-out"]);
  }
  const { lost, requests } = await loseRequests();
  console.log(`medians of ${rounds} rounds\n${timesTable()}`);
  console.log(`${lost} of ${requests} requests lost at 100 requests/s over ${loaded} edits`);
  await writeFile(
    json,
    `${JSON.stringify({ rounds, seconds: times, loadedEdits: loaded, lost, requests }, undefined, 2)}\n`,
  );
} finally {
  await project.remove();
  await tutorial.remove();
}

/** Starts `npm run dev`, makes an edit, and ends it again. */
async function timeDev(way: string, stacks: readonly string[], options: readonly string[] = []): Promise<void> {
  const dev = await DevRun.start(project, stacks, options);
  try {
    const urls = stacks.map((stack) => project.endpoint(stack));
    await timed(way, urls, edit);
    if (options.length > 0) {
      const served = await dev.says(/serves it .* built (\d+\.\d+)/, 30);
      note(`${way}: its build`, Number(/built (\d+\.\d+)/.exec(served)?.[1]));
    }
  } finally {
    await dev.kill(); // without the way back to images, which takes much longer than the edit
  }
}

async function timeTutorial(): Promise<void> {
  await timed(tutorialWay, await tutorial.urls(single), async (text) => {
    await edit(text);
    await tutorial.update(single);
  });
}

/** Edits the text, and waits until it is all that the endpoints answer. */
async function timed(what: string, urls: readonly string[], change: (text: string) => Promise<void>): Promise<void> {
  const text = `hello ${Date.now()}`;
  const began = performance.now();
  await change(text);
  await Promise.all(urls.map((url) => answers(url, text)));
  note(what, (performance.now() - began) / 1000);
}

function note(what: string, seconds: number): void {
  (times[what] ??= []).push(seconds);
  console.error(`${what}: ${seconds.toFixed(2)} s`);
}

async function edit(text: string): Promise<void> {
  await project.edit(greetingFile, `"${greeting}"`, `"${text}"`);
  greeting = text;
}

/** Edits under load, each as soon as the last is answered. */
async function loseRequests(): Promise<{ lost: number; requests: number }> {
  const cluster = project.cluster(single);
  const generator = await LoadGenerator.start(cluster, await imageOf(cluster, "test-namespace", "identity"));
  const dev = await DevRun.start(project, [single]);
  try {
    const url = `http://${await addressOf(project.node(single))}/`;
    const attack = await generator.attack([true, false].map((keepAlive) => ({ url, rate: 50, keepAlive })));
    for (let number = 0; number < loaded; number++) {
      await timed("npm run dev, 1 cluster, under load", [project.endpoint(single)], edit);
    }
    const reports = await attack.stop();
    const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0);
    return { lost: sum(reports.map(failedOf)), requests: sum(reports.map((report) => report.requests)) };
  } finally {
    await dev.kill(); // without the way back to images, which takes much longer than the edit
  }
}

function timesTable(): string {
  const head = ["an edit, until it is all that is answered", "median s", "least", "most", "of the tutorial's way"];
  const table = new Table({ head, style: { head: [], border: [] } });
  for (const [what, seconds] of Object.entries(times)) {
    const figures = [median(seconds), Math.min(...seconds), Math.max(...seconds)];
    const ratio = medianRatio(seconds, times[tutorialWay] ?? []);
    table.push([what, ...figures.map((figure) => figure.toFixed(2)), ratio.toFixed(2)]);
  }
  return table.toString();
}
