import { execa } from "execa";
import { interrupted, InterruptedError, throwIfInterrupted } from "./interruption.ts";

/** How a command is run. */
export interface RunOptions {
  /** After this long the command is ended, and counts as failed; Infinity sets no limit. @default 60 */
  deadlineSeconds?: number;
  /** Text for its standard input. @default none */
  input?: string;
  /** A file for its standard input, instead of `input`. @default none */
  inputFile?: string;
  /** A file that its output is appended to, instead of being returned. @default none */
  logFile?: string;
  /** The folder that it runs in. @default this process's */
  cwd?: string;
  /** Added to this process's environment; undefined takes a variable away. @default nothing */
  env?: Record<string, string | undefined>;
  /**
   * Ends the command early, which then counts as failed. For one that cleans up, see `uninterrupted` of interruption.ts.
   * @default the user's interruption, which is thrown as an InterruptedError
   */
  signal?: AbortSignal;
}

/** The result of a command. */
export interface CommandResult {
  /** Like `stderr`, without the last newline, and empty when a log file took it. */
  stdout: string;
  stderr: string;
  /** Why it failed. @default none: it ended with status 0 */
  error?: CommandError;
}

/** A command that failed, was not found, or ran out of time. The message has the command, the cause and the output. */
export class CommandError extends Error {
  override readonly name = "CommandError";
  /** The command and the cause, without any output. */
  readonly summary: string;
  readonly stdout: string;
  readonly stderr: string;
  /** Both streams, interleaved. */
  readonly output: string;
  /** True when the deadline ended it. */
  readonly timedOut: boolean;
  /** True when there is no such program. */
  readonly notFound: boolean;

  constructor(ended: EndedCommand, deadlineSeconds: number) {
    const { command, stdout = "", stderr = "", all = "", timedOut, code, exitCode, signal } = ended;
    const cause = timedOut
      ? `was ended after its deadline of ${deadlineSeconds} s`
      : (code ?? `exited with ${exitCode ?? signal ?? "an unknown status"}`);
    const summary = `${command} ${cause}`;
    const output = [stderr, stdout].filter((text) => text !== "").join("\n");
    super(output === "" ? summary : `${summary}:\n${output}`, { cause: ended });
    this.summary = summary;
    this.stdout = stdout;
    this.stderr = stderr;
    this.output = all;
    this.timedOut = timedOut;
    this.notFound = code === "ENOENT";
  }
}

/** The part of execa's result that is read here. */
interface EndedCommand {
  command: string;
  stdout?: string;
  stderr?: string;
  all?: string;
  timedOut: boolean;
  code?: string;
  exitCode?: number;
  signal?: string;
}

/**
 * Runs a command without a shell.
 *
 * @returns what it printed on its standard output, without the last newline
 * @throws CommandError
 * @throws InterruptedError
 */
export async function run(file: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const { stdout, error } = await tryRun(file, args, options);
  if (error !== undefined) throw error;
  return stdout;
}

/** Like {@link run}, but returns the failure instead of throwing it. @throws InterruptedError */
export async function tryRun(file: string, args: readonly string[], options: RunOptions = {}): Promise<CommandResult> {
  const { deadlineSeconds = 60, input, inputFile, logFile, cwd, env, signal = interrupted } = options;
  if (signal === interrupted) throwIfInterrupted();
  const output = logFile === undefined ? ("pipe" as const) : { file: logFile, append: true };
  const result = await execa(file, args, {
    ...standardInput(input, inputFile),
    stdout: output,
    stderr: output,
    all: true,
    buffer: logFile === undefined,
    cwd,
    env,
    cancelSignal: signal,
    timeout: deadlineSeconds === Infinity ? 0 : deadlineSeconds * 1000,
    reject: false,
  });
  if (result.isCanceled && signal === interrupted) throw new InterruptedError();
  // execa's types don't say so, but there is no output when the program is missing, or when a file took it.
  const { stdout = "", stderr = "" } = result as EndedCommand;
  return { stdout, stderr, error: result.failed ? new CommandError(result, deadlineSeconds) : undefined };
}

function standardInput(input: string | undefined, inputFile: string | undefined) {
  if (input !== undefined) return { input };
  return inputFile === undefined ? { stdin: "ignore" as const } : { inputFile };
}
