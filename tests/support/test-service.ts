import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { Agent, type IncomingHttpHeaders, type IncomingMessage, request } from "node:http";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { waitFor } from "../../host/wait.ts";
import { createLogger } from "../../service/src/logger.ts";
import { type RunningService, startService } from "../../service/src/run-service.ts";
import type { ServiceSettings } from "../../service/src/settings.ts";

/** One line of the service's log. */
export type LogLine = Readonly<Record<string, unknown>>;

/** An answer with its whole body. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const testSettings: ServiceSettings = {
  name: "identity",
  cluster: "staging",
  port: 0,
  metricsPort: 0,
  logLevel: "info",
  drainDelaySeconds: 0,
  drainTimeoutSeconds: 0.2,
};

/** A service in this process, on free ports, with its log in memory. */
export interface TestService extends RunningService {
  readonly log: readonly LogLine[];
  call(path: string, options?: HttpCallOptions): Promise<Answer>;
}

/** Starts a service in this process; the caller must drain it. */
export async function startTestService(overrides: Partial<ServiceSettings> = {}): Promise<TestService> {
  const settings = { ...testSettings, ...overrides };
  const { log, output } = memoryLog();
  const running = await startService(settings, createLogger(settings, output));
  return { ...running, log, call: (path, options) => call(running.port, path, options) };
}

/** An output for a logger, and the lines that the logger has written to it. */
export function memoryLog(): { log: LogLine[]; output: { write(line: string): void } } {
  const log: LogLine[] = [];
  return { log, output: { write: (line) => void log.push(JSON.parse(line) as LogLine) } };
}

/** Options of {@link call}. */
export interface HttpCallOptions {
  /** @default GET */
  readonly method?: string;
  /** @default only those that Node adds */
  readonly headers?: Record<string, string | string[]>;
  /** @default a connection of its own, closed after the answer */
  readonly agent?: Agent;
}

/** Sends a request to this machine, and reads the answer. */
export async function call(
  port: number,
  path: string,
  { method, headers, agent }: HttpCallOptions = {},
): Promise<Answer> {
  const sent = request({ port, path, method, headers, agent: agent ?? new Agent() });
  sent.end();
  const [response] = (await once(sent, "response")) as [IncomingMessage];
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

/** The service's program, which the pinned Node runs as it is. */
export const serverFile = join(import.meta.dirname, "../../service/src/server.ts");

/** Starts the service in a process of its own, on free ports; the caller must end it. */
export function spawnService(
  env: Record<string, string> = {},
  program: readonly string[] = [process.execPath, serverFile],
): ServiceProcess {
  const [command = process.execPath, ...args] = program;
  const child = spawn(command, args, {
    env: { PATH: process.env.PATH ?? "", PORT: "0", METRICS_PORT: "0", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const log: LogLine[] = [];
  const waiting: { msg: string; resolve: (line: LogLine) => void; reject: (error: Error) => void }[] = [];
  createInterface(child.stdout).on("line", (line) => {
    const entry = JSON.parse(line) as LogLine;
    log.push(entry);
    for (const { msg, resolve } of waiting) if (msg === entry.msg) resolve(entry);
  });
  const ended = Promise.all([text(child.stderr), once(child, "close")]).then(([stderr, closed]) => {
    const [status, signal] = closed as [number | null, NodeJS.Signals | null];
    for (const { msg, reject } of waiting) {
      reject(new Error(`ended with ${status ?? signal ?? ""} before "${msg}"; ${stderr}`));
    }
    return { status, signal, stderr };
  });
  const logged = (msg: string): Promise<LogLine> => {
    const { promise, resolve, reject } = Promise.withResolvers<LogLine>();
    const before = log.find((entry) => entry.msg === msg);
    if (before === undefined) waiting.push({ msg, resolve, reject });
    else resolve(before);
    return promise;
  };
  return { child, log, logged, ended };
}

/**
 * Waits until the check holds, with pauses as short as a unit test needs them.
 *
 * @throws Error that says what did not happen within 20 seconds
 */
export async function until(what: string, check: () => boolean | Promise<boolean>): Promise<void> {
  const attempt = async () => {
    if (!(await check())) throw new Error("it does not hold");
  };
  await waitFor(what, 20, attempt, { longestPauseMilliseconds: 5 });
}
