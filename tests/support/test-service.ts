import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { type IncomingHttpHeaders, Agent, request } from "node:http";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import type { ServiceConfig } from "../../service/src/settings.ts";
import { createLogger } from "../../service/src/logger.ts";
import { type RunningService, startService } from "../../service/src/run-service.ts";

/** One line of the service's log. */
export type LogLine = Readonly<Record<string, unknown>>;

/** An answer with its whole body. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const CONFIG: ServiceConfig = {
  name: "identity",
  cluster: "staging",
  port: 0,
  metricsPort: 0,
  logLevel: "info",
  drainDelay: 0,
  drainTimeout: 0.2,
};

/** A service in this process, on free ports, with its log in memory. */
export interface TestService extends RunningService {
  readonly log: readonly LogLine[];
  call(path: string, options?: CallOptions): Promise<Answer>;
}

export async function startTestService(overrides: Partial<ServiceConfig> = {}): Promise<TestService> {
  const config = { ...CONFIG, ...overrides };
  const { log, output } = memoryLog();
  const running = await startService(config, createLogger(config, output));
  return { ...running, log, call: (path, options) => call(running.port, path, options) };
}

/** Where a logger may write to, and what it has written. */
export function memoryLog(): { log: LogLine[]; output: { write(line: string): void } } {
  const log: LogLine[] = [];
  return { log, output: { write: (line) => void log.push(JSON.parse(line) as LogLine) } };
}

export interface CallOptions {
  readonly method?: string;
  readonly headers?: Record<string, string | string[]>;
  /** @default a connection of its own, closed after the answer */
  readonly agent?: Agent;
}

/** Sends a request and reads the answer. */
export async function call(port: number, path: string, { method, headers, agent }: CallOptions = {}): Promise<Answer> {
  const sent = request({
    port,
    path,
    ...(method === undefined ? {} : { method }),
    ...(headers === undefined ? {} : { headers }),
    agent: agent ?? new Agent(),
  });
  sent.end();
  const [response] = (await once(sent, "response")) as [import("node:http").IncomingMessage];
  const body = await text(response);
  return { status: response.statusCode ?? 0, headers: response.headers, body };
}

/** A service in a process of its own. */
export interface ServiceProcess {
  readonly child: ChildProcess;
  readonly log: readonly LogLine[];
  /** Resolves with the first line of this message, written or yet to come; rejects if the process ends without it. */
  logged(msg: string): Promise<LogLine>;
  /** Resolves when the process has ended and all of its output is read. */
  readonly ended: Promise<{ status: number | null; signal: NodeJS.Signals | null; stderr: string }>;
}

export const SERVER = join(import.meta.dirname, "../../service/src/server.ts");

/** Starts the program; the caller sees to its end. */
export function spawnService(
  env: Record<string, string> = {},
  program: readonly string[] = [process.execPath, SERVER],
): ServiceProcess {
  const [command = process.execPath, ...args] = program;
  const child = spawn(command, args, {
    env: { PATH: process.env["PATH"] ?? "", PORT: "0", METRICS_PORT: "0", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const log: LogLine[] = [];
  const waiting: { msg: string; resolve: (line: LogLine) => void; reject: (err: Error) => void }[] = [];
  createInterface(child.stdout).on("line", (line) => {
    const entry = JSON.parse(line) as LogLine;
    log.push(entry);
    for (const { msg, resolve } of waiting) if (msg === entry["msg"]) resolve(entry);
  });
  const ended = Promise.all([text(child.stderr), once(child, "close")]).then(([stderr, args]) => {
    const [status, signal] = args as [number | null, NodeJS.Signals | null];
    for (const { msg, reject } of waiting)
      reject(new Error(`ended with ${status ?? signal ?? ""} before "${msg}"; ${stderr}`));
    return { status, signal, stderr };
  });
  const logged = (msg: string): Promise<LogLine> => {
    const { promise, resolve, reject } = Promise.withResolvers<LogLine>();
    const before = log.find((entry) => entry["msg"] === msg);
    if (before === undefined) waiting.push({ msg, resolve, reject });
    else resolve(before);
    return promise;
  };
  return { child, log, logged, ended };
}

/** Asks again and again until the check holds; the test's own deadline ends it otherwise. */
export async function until(check: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await check())) await new Promise((resolve) => setTimeout(resolve, 5));
}
