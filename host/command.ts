import { execa, ExecaError } from "execa";

/** How a command is run. */
export interface CommandOptions {
  /** Seconds until the command is ended, and counts as failed. @default 60 */
  deadline?: number;
  /** What the command reads from its standard input. @default nothing */
  input?: string;
  /** Variables that it has beside ours. @default none */
  env?: Record<string, string>;
}

/** A command that failed, was not found, or ran out of time; the message holds the command, its output and the cause. */
export class CommandError extends Error {
  override readonly name = "CommandError";
  readonly stderr: string;

  constructor(failure: ExecaError, deadline: number) {
    const cause = failure.timedOut
      ? `was ended after its deadline of ${deadline} s`
      : (failure.code ?? `exited with ${failure.exitCode ?? failure.signal ?? "an unknown status"}`);
    const output = [failure.stderr, failure.stdout]
      .filter((text) => typeof text === "string" && text !== "")
      .join("\n");
    super(`${failure.command} ${cause}${output ? `:\n${output}` : ""}`, { cause: failure });
    this.stderr = typeof failure.stderr === "string" ? failure.stderr : "";
  }
}

/**
 * Runs a command without a shell.
 *
 * @returns what it printed on its standard output, without the last newline
 * @throws CommandError
 */
export async function run(file: string, args: readonly string[], options: CommandOptions = {}): Promise<string> {
  const { deadline = 60, input, env = {} } = options;
  try {
    const { stdout } = await execa(file, args, {
      timeout: deadline * 1000,
      env,
      ...(input === undefined ? { stdin: "ignore" } : { input }),
    });
    return stdout;
  } catch (failure) {
    throw failure instanceof ExecaError ? new CommandError(failure as ExecaError, deadline) : failure;
  }
}

/** Runs the docker CLI; see {@link run}. */
export const docker = (args: readonly string[], options?: CommandOptions) => run("docker", args, options);

/** True when a docker command failed because no engine answered, as opposed to what the engine said. */
export const engineUnreachable = (error: unknown) =>
  error instanceof CommandError &&
  /cannot connect to the docker daemon|is the docker daemon running|permission denied.*docker|ENOENT|connection refused/i.test(
    error.message,
  );
