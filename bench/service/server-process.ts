import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { get } from "node:http";
import { waitUntil } from "../../host/wait.ts";
import { freePort } from "../../tests/support/free-port.ts";
import type { Contender } from "./contenders.ts";

const startDeadlineSeconds = 30;
/** Between two requests. Short, since it is part of the time that is measured. */
const pauseMilliseconds = 1;
/** Linux counts processor time in hundredths of a second. */
const ticksPerSecond = 100;

/** A server that has answered once. */
export interface RunningServer {
  url: string;
  /** From the start of the process to the end of its first answer. */
  firstAnswerMilliseconds: number;
  /** Processor time so far; undefined where there is no /proc. */
  cpuSeconds(): Promise<number | undefined>;
  stop(): Promise<void>;
}

/**
 * Starts a server and waits for its first answer. What it prints on standard output is dropped.
 *
 * @throws Error if it ends, or does not answer within 30 s
 */
export async function startServer({ title, command, args, env }: Contender): Promise<RunningServer> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/cluster`;
  const began = performance.now();
  const child = spawn(command, args, {
    // A container starts without Node's compile cache.
    env: { ...process.env, NODE_DISABLE_COMPILE_CACHE: "1", ...env, PORT: String(port) },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const answered = await waitUntil(async () => hasEnded(child) || (await answers(url)), startDeadlineSeconds, {
    longestPauseMilliseconds: pauseMilliseconds,
  });
  const firstAnswerMilliseconds = performance.now() - began;
  if (hasEnded(child)) throw new Error(`${title} ended with status ${child.exitCode ?? child.signalCode ?? ""}`);
  if (!answered) {
    child.kill("SIGKILL");
    throw new Error(`${title} did not answer within ${startDeadlineSeconds} s`);
  }
  return { url, firstAnswerMilliseconds, cpuSeconds: () => cpuSecondsOf(child), stop: () => stop(child) };
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode !== null || signalCode !== null;

async function stop(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
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

/** User and system time of the process and of its children, such as gunicorn's worker. */
async function cpuSecondsOf({ pid }: ChildProcess): Promise<number | undefined> {
  if (process.platform !== "linux" || pid === undefined) return undefined;
  const children = (await readFile(`/proc/${pid}/task/${pid}/children`, "utf8").catch(() => ""))
    .split(" ")
    .filter(Boolean);
  let ticks = 0;
  for (const id of [pid, ...children]) {
    // The second field is the command, in brackets, and may hold blanks. User and system time are the 14th and 15th
    // field, so the 12th and 13th of those after the command. See proc_pid_stat(5).
    const fields = (await readFile(`/proc/${id}/stat`, "utf8")).replace(/^.*\) /s, "").split(" ");
    ticks += Number(fields[11]) + Number(fields[12]);
  }
  return ticks / ticksPerSecond;
}
