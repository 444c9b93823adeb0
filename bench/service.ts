/**
 * Compares the built service with bare node:http, and with Flask under gunicorn where there is one: requests per
 * second with keep-alive, in interleaved rounds, and the time from start to first answer.
 *
 *   npm run bench:service [-- --seconds 5 --rounds 5 --starts 10 --connections 50 --check]
 *
 * With --check the run fails (status 1) if the service misses its targets.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import autocannon from "autocannon";
import Table from "cli-table3";
import { Command } from "commander";
import { median } from "./median.ts";
import { positive } from "./positive-option.ts";
import { type Contender, type Contenders, prepareContenders } from "./service/contenders.ts";
import { type Running, start } from "./service/server-process.ts";

/** What the service must reach: at least this part of the bare server's requests per second with logs off. */
const LEAST_RATE = 0.7;
/** And at most this many times its time to the first answer. */
const GREATEST_START = 1.5;
const WARM_UP_SECONDS = 2;

interface Sample {
  /** Answered requests per second. */
  readonly rate: number;
  /** Milliseconds. */
  readonly p99: number;
  /** Microseconds of the server's processor time per request. */
  readonly cpu: number | undefined;
}

const { seconds, rounds, starts, connections, check } = new Command("npm run bench:service --")
  .option("--seconds <count>", "seconds of each load", positive, 5)
  .option("--rounds <count>", "rounds, each of every server", positive, 5)
  .option("--starts <count>", "how often each server is started", positive, 10)
  .option("--connections <count>", "connections of the load", positive, 50)
  .option("--check", "fail if the service misses its targets", false)
  .parse()
  .opts<{ seconds: number; rounds: number; starts: number; connections: number; check: boolean }>();

const folder = await mkdtemp(join(tmpdir(), "bench-service-"));
try {
  const contenders = await prepareContenders(folder);
  const rate = await compareRates(contenders);
  const wait = await compareStarts(contenders);
  if (check && (rate < LEAST_RATE || wait > GREATEST_START)) process.exitCode = 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** @returns the silent service's requests per second over the bare server's */
async function compareRates({ all, bare, silent }: Contenders): Promise<number> {
  const running = new Map<Contender, Running>();
  const samples = new Map<Contender, Sample[]>(all.map((contender) => [contender, []]));
  try {
    for (const contender of all) {
      const server = await start(contender);
      running.set(contender, server);
      await load(server, WARM_UP_SECONDS);
    }
    for (let round = 0; round < rounds; round++) {
      for (const [contender, server] of running) samples.get(contender)?.push(await load(server, seconds));
    }
  } finally {
    for (const server of running.values()) await server.stop();
  }

  const yardstick = samples.get(bare) ?? [];
  // Within each round, so that what slows the machine down for a while slows both.
  const ratio = (contender: Contender): number =>
    median((samples.get(contender) ?? []).map(({ rate }, round) => rate / (yardstick[round]?.rate ?? NaN)));
  const table = new Table({
    head: ["", "requests/s", "of bare", "p99 ms", "server's CPU µs/request"],
    style: { head: [], border: [] },
  });
  for (const [contender, taken] of samples) {
    const cpu = median(taken.map((sample) => sample.cpu ?? NaN));
    table.push([
      contender.title,
      median(taken.map((sample) => sample.rate)).toFixed(0),
      ratio(contender).toFixed(2),
      median(taken.map((sample) => sample.p99)).toFixed(1),
      Number.isNaN(cpu) ? "–" : cpu.toFixed(1),
    ]);
  }
  console.log(`${connections} connections, medians of ${rounds} rounds of ${seconds} s`);
  console.log(table.toString());
  console.log(`target: at least ${LEAST_RATE} of bare with access logs off\n`);
  return ratio(silent);
}

/** @returns the silent service's time to its first answer over the bare server's */
async function compareStarts({ bare, silent }: Contenders): Promise<number> {
  const times = new Map<Contender, number[]>([
    [bare, []],
    [silent, []],
  ]);
  for (let round = 0; round < starts; round++) {
    for (const [contender, taken] of times) {
      const server = await start(contender);
      await server.stop();
      taken.push(server.firstAnswer);
    }
  }
  const yardstick = median(times.get(bare) ?? []);
  const table = new Table({ head: ["", "start to first answer, ms", "of bare"], style: { head: [], border: [] } });
  for (const [contender, taken] of times) {
    table.push([contender.title, median(taken).toFixed(0), (median(taken) / yardstick).toFixed(2)]);
  }
  console.log(`medians of ${starts} starts`);
  console.log(table.toString());
  console.log(`target: at most ${GREATEST_START} of bare`);
  return median(times.get(silent) ?? []) / yardstick;
}

/** @throws if any request fails: a server that refuses is fast */
async function load(server: Running, duration: number): Promise<Sample> {
  const before = await server.cpu();
  const result = await autocannon({ url: server.url, connections, duration });
  const after = await server.cpu();
  const failed = result.errors + result.timeouts + result.non2xx;
  if (failed > 0) throw new Error(`${failed} failed requests of ${server.url}`);
  const answered = result["2xx"];
  return {
    rate: answered / result.duration,
    p99: result.latency.p99,
    cpu: before === undefined || after === undefined ? undefined : ((after - before) * 1e6) / answered,
  };
}
