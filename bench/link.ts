/**
 * Compares the ways in which an alias can lead to another cluster with a request straight to that cluster's ingress:
 * from the same pod, interleaved in one run, on two clusters of its own.
 *
 *   npm run bench:link [-- --rounds 5 --seconds 4 --workers 20 --rate 100]
 */
import Table from "cli-table3";
import { Command } from "commander";
import { start } from "../fleet/setup/prepare.ts";
import { addressOf } from "../tests/support/container-address.ts";
import { imageOf } from "../tests/support/kubectl.ts";
import { failedOf, LoadGenerator, type Report, type Stream } from "../tests/support/load.ts";
import { sweep, ThrowawayProject } from "../tests/support/throwaway.ts";
import { median } from "./median.ts";
import { positive } from "./positive-option.ts";

const namespace = "test-namespace";

const options = new Command("npm run bench:link --")
  .option("--rounds <count>", "rounds, each of every way", positive, 5)
  .option("--seconds <count>", "seconds of each load", positive, 4)
  .option("--workers <count>", "requests under way at once, where requests per second are measured", positive, 20)
  .option("--rate <count>", "requests per second, where latency is measured", positive, 100)
  .parse()
  .opts<{ rounds: number; seconds: number; workers: number; rate: number }>();

await start("clusters");
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
  await compare(`http://${node}/cluster`);
} finally {
  await project.remove();
}

async function compare(straight: string): Promise<void> {
  const urls: Record<string, string> = {
    straight,
    ...Object.fromEntries(
      ["by-name", "by-address", "by-proxy"].map((alias) => [alias, `http://${alias}.${namespace}/cluster`]),
    ),
  };
  const cluster = project.cluster("development");
  const generator = await LoadGenerator.start(cluster, await imageOf(cluster, namespace, "identity"));
  const measure = async (stream: Omit<Stream, "keepAlive" | "seconds">): Promise<Report> => {
    const [report] = await (await generator.attack([{ ...stream, keepAlive: true, seconds: options.seconds }])).reports;
    if (report === undefined || failedOf(report) > 0)
      throw new Error(`${stream.url}: ${report?.errors?.join("; ") ?? "no report"}`);
    return report;
  };

  const flatOut = new Map<string, Report[]>();
  const paced = new Map<string, Report[]>();
  for (let round = 0; round < options.rounds; round++) {
    for (const [way, url] of Object.entries(urls)) {
      flatOut.set(way, [...(flatOut.get(way) ?? []), await measure({ url, rate: 0, workers: options.workers })]);
      paced.set(way, [...(paced.get(way) ?? []), await measure({ url, rate: options.rate })]);
    }
    console.error(`round ${round + 1} of ${options.rounds}`);
  }
  console.log(tableOf(Object.keys(urls), flatOut, paced));
}

/** Each figure beside its ratio to the straight way's of the same round. */
function tableOf(
  ways: readonly string[],
  flatOut: ReadonlyMap<string, Report[]>,
  paced: ReadonlyMap<string, Report[]>,
): string {
  const table = new Table({
    head: ["way", "requests/s", "of straight", "median ms", "of straight", "p99 ms", "of straight"],
    style: { head: [], border: [] },
  });
  const ratio = (all: ReadonlyMap<string, Report[]>, way: string, figure: (report: Report) => number) =>
    median(
      (all.get(way) ?? []).map(
        (report, round) => figure(report) / figure((all.get("straight") ?? [])[round] ?? report),
      ),
    );
  const columns = (
    all: ReadonlyMap<string, Report[]>,
    way: string,
    figure: (report: Report) => number,
    digits: number,
  ) => [median((all.get(way) ?? []).map(figure)).toFixed(digits), ratio(all, way, figure).toFixed(2)];
  for (const way of ways) {
    table.push([
      way,
      ...columns(flatOut, way, ({ throughput }) => throughput, 0),
      ...columns(paced, way, ({ latencies }) => latencies["50th"] / 1e6, 2),
      ...columns(paced, way, ({ latencies }) => latencies["99th"] / 1e6, 2),
    ]);
  }
  return `${options.rounds} rounds of ${options.seconds} s each; requests/s with ${options.workers} at once, latency at ${options.rate} requests/s\n${table.toString()}`;
}
