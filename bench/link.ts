/**
 * Compares each way in which an alias can lead to another cluster with a request straight to that cluster's ingress.
 * All requests come from the same pod, and the ways take turns; the two clusters are made for this run.
 *
 *   npm run bench:link [-- --rounds 5 --seconds 4 --workers 20 --rate 100]
 */
import Table from "cli-table3";
import { Command } from "commander";
import { prepare } from "../fleet/setup/prepare.ts";
import { addressOf } from "../tests/support/container-address.ts";
import { imageOf } from "../tests/support/kubectl.ts";
import { failedOf, LoadGenerator, type Report, type Stream } from "../tests/support/load-generator.ts";
import { sweep } from "../tests/support/throwaway-clusters.ts";
import { ThrowawayProject } from "../tests/support/throwaway-project.ts";
import { median, medianRatio } from "./median.ts";
import { parsePositiveInteger } from "./positive-integer.ts";

const namespace = "test-namespace";
/** The way that the aliases are compared with. */
const straight = "straight";

/** The result of one way in one round. */
interface Result {
  /** With as many requests under way at once as `--workers` says. */
  requestsPerSecond: number;
  /** At `--rate` requests per second, like the next one. */
  medianMilliseconds: number;
  p99Milliseconds: number;
}

const { rounds, seconds, workers, rate } = new Command("npm run bench:link --")
  .option("--rounds <count>", "rounds, each of every way", parsePositiveInteger, 5)
  .option("--seconds <count>", "seconds of each load", parsePositiveInteger, 4)
  .option(
    "--workers <count>",
    "requests under way at once, where requests per second are measured",
    parsePositiveInteger,
    20,
  )
  .option("--rate <count>", "requests per second, where latency is measured", parsePositiveInteger, 100)
  .parse()
  .opts<{ rounds: number; seconds: number; workers: number; rate: number }>();

await prepare("clusters");
await sweep();
const project = await ThrowawayProject.create(["staging", "development"]);
try {
  await project.succeed("up", "staging");
  const node = project.node("staging");
  const expect = { name: "identity", cluster: "staging" };
  const peers = [
    { alias: "by-name", namespace, stack: "staging" },
    { alias: "by-address", namespace, url: `http://${await addressOf(node)}`, expect },
    { alias: "by-proxy", namespace, stack: "staging", via: "proxy" },
  ];
  await project.setPeers("development", peers);
  await project.succeed("up", "development");

  const urls = new Map([[straight, `http://${node}/cluster`]]);
  for (const { alias } of peers) urls.set(alias, `http://${alias}.${namespace}/cluster`);
  const results = await measureWays(urls);
  console.log(
    `${rounds} rounds of ${seconds} s each; requests/s with ${workers} at once, latency at ${rate} requests/s`,
  );
  console.log(tableOf(results));
} finally {
  await project.remove();
}

/**
 * Measures every way once per round.
 *
 * @param urls by way
 * @returns the results of each round, by way
 */
async function measureWays(urls: ReadonlyMap<string, string>): Promise<Map<string, Result[]>> {
  const cluster = project.cluster("development");
  const generator = await LoadGenerator.start(cluster, await imageOf(cluster, namespace, "identity"));
  const measure = async (stream: Omit<Stream, "keepAlive" | "seconds">): Promise<Report> => {
    const { reports } = await generator.attack([{ ...stream, keepAlive: true, seconds }]);
    const [report] = await reports;
    if (report === undefined) throw new Error(`${stream.url}: no report`);
    if (failedOf(report) > 0) throw new Error(`${stream.url}: ${report.errors?.join("; ") ?? "requests failed"}`);
    return report;
  };

  const results = new Map<string, Result[]>([...urls.keys()].map((way) => [way, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [way, url] of urls) {
      const { throughput } = await measure({ url, rate: 0, workers });
      const { latencies } = await measure({ url, rate });
      results.get(way)?.push({
        requestsPerSecond: throughput,
        medianMilliseconds: latencies["50th"] / 1e6,
        p99Milliseconds: latencies["99th"] / 1e6,
      });
    }
    console.error(`round ${round + 1} of ${rounds}`);
  }
  return results;
}

/** Shows the median of each figure, and of its ratio to that of the straight way in the same round. */
function tableOf(results: ReadonlyMap<string, Result[]>): string {
  const table = new Table({
    head: ["way", "requests/s", "of straight", "median ms", "of straight", "p99 ms", "of straight"],
    style: { head: [], border: [] },
  });
  const columns = (way: string, figure: keyof Result, digits: number): string[] => {
    const [values = [], references = []] = [way, straight].map((of) =>
      results.get(of)?.map((result) => result[figure]),
    );
    return [median(values).toFixed(digits), medianRatio(values, references).toFixed(2)];
  };
  for (const way of results.keys()) {
    table.push([
      way,
      ...columns(way, "requestsPerSecond", 0),
      ...columns(way, "medianMilliseconds", 2),
      ...columns(way, "p99Milliseconds", 2),
    ]);
  }
  return table.toString();
}
