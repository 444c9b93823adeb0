/**
 * Compares the bundled service with bare node:http, and with Flask under gunicorn if this machine has it: requests per
 * second with keep-alive, in interleaved rounds, and the time from the start of the process to its first answer.
 *
 *   npm run bench:service [-- --seconds 5 --rounds 5 --starts 10 --connections 50 --check]
 *
 * With --check the run fails (status 1) if the service misses its targets.
 */
import autocannon from "autocannon";
import Table from "cli-table3";
import { Command } from "commander";
import { inTemporaryFolder } from "../host/temporary-folder.ts";
import { median, medianRatio } from "./median.ts";
import { parsePositiveInteger } from "./positive-integer.ts";
import { type Contender, type Contenders, prepareContenders } from "./service/contenders.ts";
import { type RunningServer, startServer } from "./service/server-process.ts";

/** The service must reach at least this part of the bare server's requests per second, with logs off. */
const leastRateRatio = 0.7;
/**
 * The service may need at most this many times the bare server's time to its first answer. Measured were 1.9 to 2.1:
 * loading koa, @koa/router, pino and prom-client costs that much, whatever the service does with them.
 */
const greatestStartRatio = 2.1;
const warmUpSeconds = 2;

/** The result of one load on one server. */
interface Sample {
  /** Only those that were answered. */
  requestsPerSecond: number;
  p99Milliseconds: number;
  /** The server's processor time per request; undefined where it can't be read. */
  cpuMicroseconds: number | undefined;
}

const { seconds, rounds, starts, connections, check } = new Command("npm run bench:service --")
  .option("--seconds <count>", "seconds of each load", parsePositiveInteger, 5)
  .option("--rounds <count>", "rounds, each of every server", parsePositiveInteger, 5)
  .option("--starts <count>", "how often each server is started", parsePositiveInteger, 10)
  .option("--connections <count>", "connections of the load", parsePositiveInteger, 50)
  .option("--check", "fail if the service misses its targets", false)
  .parse()
  .opts<{ seconds: number; rounds: number; starts: number; connections: number; check: boolean }>();

await inTemporaryFolder("bench-service-", async (folder) => {
  const contenders = await prepareContenders(folder);
  const rateRatio = await compareRates(contenders);
  const startRatio = await compareStarts(contenders);
  if (check && (rateRatio < leastRateRatio || startRatio > greatestStartRatio)) process.exitCode = 1;
});

/** @returns the silent service's requests per second, divided by the bare server's */
async function compareRates({ all, bare, silent }: Contenders): Promise<number> {
  const samples = await measureRates(all);
  const ratesOf = (contender: Contender): number[] =>
    (samples.get(contender) ?? []).map(({ requestsPerSecond }) => requestsPerSecond);
  const ratioOf = (contender: Contender): number => medianRatio(ratesOf(contender), ratesOf(bare));

  const table = new Table({
    head: ["", "requests/s", "of bare", "p99 ms", "server's CPU µs/request"],
    style: { head: [], border: [] },
  });
  for (const [contender, taken] of samples) {
    const cpu = median(taken.map(({ cpuMicroseconds }) => cpuMicroseconds ?? NaN));
    table.push([
      contender.title,
      median(ratesOf(contender)).toFixed(0),
      ratioOf(contender).toFixed(2),
      median(taken.map(({ p99Milliseconds }) => p99Milliseconds)).toFixed(1),
      Number.isNaN(cpu) ? "–" : cpu.toFixed(1),
    ]);
  }
  console.log(`${connections} connections, medians of ${rounds} rounds of ${seconds} s`);
  console.log(table.toString());
  console.log(`target: at least ${leastRateRatio} of bare with access logs off\n`);
  return ratioOf(silent);
}

/** Puts each server under load once per round, while all of them are running. */
async function measureRates(contenders: readonly Contender[]): Promise<Map<Contender, Sample[]>> {
  const servers = new Map<Contender, RunningServer>();
  const samples = new Map<Contender, Sample[]>(contenders.map((contender) => [contender, []]));
  try {
    for (const contender of contenders) {
      const server = await startServer(contender);
      servers.set(contender, server);
      await load(server, warmUpSeconds);
    }
    for (let round = 0; round < rounds; round++) {
      for (const [contender, server] of servers) samples.get(contender)?.push(await load(server, seconds));
    }
  } finally {
    for (const server of servers.values()) await server.stop();
  }
  return samples;
}

/** @returns the silent service's time to its first answer, divided by the bare server's */
async function compareStarts({ bare, silent }: Contenders): Promise<number> {
  const times = new Map<Contender, number[]>([
    [bare, []],
    [silent, []],
  ]);
  for (let round = 0; round < starts; round++) {
    for (const [contender, taken] of times) {
      const server = await startServer(contender);
      await server.stop();
      taken.push(server.firstAnswerMilliseconds);
    }
  }
  const medianOf = (contender: Contender): number => median(times.get(contender) ?? []);
  const ratioOf = (contender: Contender): number => medianOf(contender) / medianOf(bare);

  const table = new Table({ head: ["", "start to first answer, ms", "of bare"], style: { head: [], border: [] } });
  for (const contender of times.keys()) {
    table.push([contender.title, medianOf(contender).toFixed(0), ratioOf(contender).toFixed(2)]);
  }
  console.log(`medians of ${starts} starts`);
  console.log(table.toString());
  console.log(`target: at most ${greatestStartRatio} of bare`);
  return ratioOf(silent);
}

/** @throws Error if any request fails, since refusals are fast and would count as a good result */
async function load(server: RunningServer, durationSeconds: number): Promise<Sample> {
  const before = await server.cpuSeconds();
  const result = await autocannon({ url: server.url, connections, duration: durationSeconds });
  const after = await server.cpuSeconds();
  const failed = result.errors + result.timeouts + result.non2xx;
  if (failed > 0) throw new Error(`${failed} failed requests of ${server.url}`);

  const answered = result["2xx"];
  const sample: Sample = {
    requestsPerSecond: answered / result.duration,
    p99Milliseconds: result.latency.p99,
    cpuMicroseconds: undefined,
  };
  if (before !== undefined && after !== undefined) sample.cpuMicroseconds = ((after - before) * 1e6) / answered;
  return sample;
}
