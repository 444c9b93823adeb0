import { readFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { type CommandResult, type RunOptions, tryRun } from "../../host/command.ts";
import { tryDocker } from "../../host/docker.ts";
import { ToolchainError } from "./toolchain-error.ts";

/** How a command with a log is run. */
export interface LoggedRunOptions extends Pick<RunOptions, "cwd" | "env" | "inputFile"> {
  /** The file that its output is appended to. */
  log: string;
  /** After this long the command is ended, and counts as failed. @default no limit */
  deadlineSeconds?: number;
}

/**
 * Runs a command with its output in a log.
 *
 * @throws ToolchainError with the command, the log's last lines and its path
 */
export const runLogged = (file: string, args: readonly string[], options: LoggedRunOptions): Promise<void> =>
  withLog(options, (runOptions) => tryRun(file, args, runOptions));

/** Runs the docker command with its output in a log; see {@link runLogged}. */
export const dockerLogged = (args: readonly string[], options: LoggedRunOptions): Promise<void> =>
  withLog(options, (runOptions) => tryDocker(args, runOptions));

async function withLog(
  { log, deadlineSeconds = Infinity, ...options }: LoggedRunOptions,
  start: (options: RunOptions) => Promise<CommandResult>,
): Promise<void> {
  await mkdir(dirname(log), { recursive: true });
  const { error } = await start({ ...options, logFile: log, deadlineSeconds });
  if (error === undefined) return;
  throw new ToolchainError(`${error.summary}\n${lastLines(log)}\nThe whole output: ${log}`, { cause: error });
}

/**
 * Runs a command, without a deadline.
 *
 * @returns what it printed on its standard output, without the last newline
 * @throws ToolchainError with the command and what it printed on its standard error
 */
export async function output(file: string, args: readonly string[], cwd?: string): Promise<string> {
  const { stdout, error } = await tryRun(file, args, { cwd, deadlineSeconds: Infinity });
  if (error !== undefined) throw new ToolchainError(`${error.summary}\n${error.stderr}`, { cause: error });
  return stdout;
}

/** The last lines of a log, indented for a message. */
export function lastLines(log: string, count = 15): string {
  try {
    const lines = readFileSync(log, "utf8").trimEnd().split("\n").slice(-count);
    return lines.map((line) => `  | ${line}`).join("\n");
  } catch {
    return "  | (nothing was logged)";
  }
}
