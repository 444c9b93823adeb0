import { mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { execa, ExecaError } from "execa";
import { ToolchainError } from "./toolchain-error.ts";

/** How a command is run. */
export interface CommandOptions {
  /** The file that its output is added to. */
  log: string;
  cwd?: string;
  env?: Record<string, string>;
  /** A file to read from. */
  stdin?: string;
}

/** Runs a command with its output in a log; a failure carries the command, the log's last lines, and its path. */
export async function run(file: string, args: readonly string[], options: CommandOptions): Promise<void> {
  mkdirSync(dirname(options.log), { recursive: true });
  const log = { file: options.log, append: true };
  try {
    await execa(file, args, {
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      ...(options.env === undefined ? {} : { env: options.env }),
      stdin: options.stdin === undefined ? "ignore" : { file: options.stdin },
      stdout: log,
      stderr: log,
    });
  } catch (error) {
    throw commandFailure(error, options.log);
  }
}

/** What a command prints, without the last line's end. */
export async function output(file: string, args: readonly string[], cwd?: string): Promise<string> {
  try {
    const { stdout } = await execa(file, args, { stdin: "ignore", ...(cwd === undefined ? {} : { cwd }) });
    return stdout;
  } catch (error) {
    if (!(error instanceof ExecaError)) throw error;
    throw new ToolchainError(`${error.shortMessage}\n${String(error.stderr)}`, { cause: error });
  }
}

function commandFailure(error: unknown, log: string): unknown {
  if (!(error instanceof ExecaError)) return error;
  return new ToolchainError(`${error.shortMessage}\n${lastLines(log)}\nThe whole output: ${log}`, { cause: error });
}

/** The end of a log. */
export function lastLines(log: string, count = 15): string {
  try {
    const lines = readFileSync(log, "utf8").trimEnd().split("\n").slice(-count);
    return lines.map((line) => `  | ${line}`).join("\n");
  } catch {
    return "  | (nothing was logged)";
  }
}
