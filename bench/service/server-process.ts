import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { get } from "node:http";
import { createServer, type AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { Contender } from "./contenders.ts";

const START_DEADLINE = 30_000;
const POLL = 1;
/** Linux counts processor time in hundredths of a second. */
const TICKS_PER_SECOND = 100;

/** A started server. */
export interface Running {
  readonly url: string;
  /** Milliseconds from the start of the process to its first whole answer. */
  readonly firstAnswer: number;
  /** Seconds of processor time so far; `undefined` where there is no /proc. */
  cpu(): Promise<number | undefined>;
  stop(): Promise<void>;
}

/**
 * Starts a server, its output to /dev/null, and waits for its first answer.
 * @throws if it ends, or does not answer within 30 s
 */
export async function start({ title, command, args, env }: Contender): Promise<Running> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/cluster`;
  const began = performance.now();
  const child = spawn(command, args, {
    env: { ...process.env, ...env, PORT: String(port) },
    stdio: ["ignore", "ignore", "inherit"],
  });
  try {
    while (!(await answers(url))) {
      if (child.exitCode !== null) throw new Error(`${title} ended with status ${child.exitCode}`);
      if (performance.now() - began > START_DEADLINE) throw new Error(`${title} did not answer within 30 s`);
      await sleep(POLL);
    }
  } catch (err) {
    child.kill("SIGKILL");
    throw err;
  }
  const firstAnswer = performance.now() - began;
  return { url, firstAnswer, cpu: () => cpuSeconds(child), stop: () => stop(child) };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, "exit");
  child.kill("SIGKILL");
  await exit;
}

async function answers(url: string): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  get(url, { agent: false }, (response) => {
    response.resume().on("end", () => resolve(response.statusCode === 200));
  }).on("error", () => resolve(false));
  return promise;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** User and system time of the process and of its children, such as gunicorn's worker. */
async function cpuSeconds({ pid }: ChildProcess): Promise<number | undefined> {
  if (process.platform !== "linux" || pid === undefined) return undefined;
  const children = (await readFile(`/proc/${pid}/task/${pid}/children`, "utf8").catch(() => ""))
    .split(" ")
    .filter(Boolean);
  let ticks = 0;
  for (const id of [pid, ...children]) {
    // The second field is the command in brackets and may hold blanks; user and system time are 14 and 15.
    const fields = (await readFile(`/proc/${id}/stat`, "utf8")).replace(/^.*\) /s, "").split(" ");
    ticks += Number(fields[11]) + Number(fields[12]);
  }
  return ticks / TICKS_PER_SECOND;
}
