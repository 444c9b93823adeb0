import { PulumiCommand } from "@pulumi/pulumi/automation/index.js";
import * as errors from "@pulumi/pulumi/automation/errors.js";
import { execa } from "execa";
import { interrupted, throwIfInterrupted } from "../../host/interruption.ts";

import { temporaryFolderOfPulumi } from "../setup/temporary-folders.ts";

/** What the Automation API calls to run pulumi; not in its types. */
type Run = (
  args: readonly string[],
  cwd: string,
  env: Record<string, string>,
  onOutput?: (text: string) => void,
  onError?: (text: string) => void,
  signal?: AbortSignal,
) => Promise<Result>;

interface Result {
  stdout: string;
  stderr: string;
  code: number;
  /** The message of the error that is made of a failure. */
  toString?: () => string;
}

/** How the Automation API tells one failure from another, by what pulumi says; not in its types either. */
const failures = errors as unknown as { createCommandError: (result: Result) => Error };

/** The pulumi command, for the Automation API, and to be run directly. */
export interface RunnablePulumi {
  command: PulumiCommand;
  run: Run;
}

let found: Promise<RunnablePulumi> | undefined;

/**
 * The pulumi command as the Automation API runs it, but in a session of its own. A terminal sends Ctrl-C to everything
 * in its foreground; Pulumi would get it from there and from us, and takes a second one as the order to leave everything
 * as it is. So it gets one from here, whatever the user has interrupted.
 */
export function pulumiCommand(): Promise<RunnablePulumi> {
  throwIfInterrupted();
  found ??= PulumiCommand.get().then((command) => {
    const run = runWith(command.command);
    return { command: Object.assign(command, { run }), run };
  });
  return found;
}

const runWith =
  (file: string): Run =>
  async (args, cwd, env, onOutput, onError, signal = interrupted) => {
    throwIfInterrupted();
    const child = execa(file, [...args, "--non-interactive"], {
      cwd,
      env: { ...env, PULUMI_AUTOMATION_API: "true", TMPDIR: temporaryFolderOfPulumi() },
      stdin: "ignore",
      maxBuffer: Infinity,
      reject: false,
      detached: true,
    });
    if (onOutput !== undefined) child.stdout.on("data", (data: Buffer) => onOutput(data.toString()));
    if (onError !== undefined) child.stderr.on("data", (data: Buffer) => onError(data.toString()));
    const stop = () => void child.kill("SIGINT");
    const ending = AbortSignal.any([interrupted, signal]);
    ending.addEventListener("abort", stop, { once: true });
    if (signal.aborted) stop();
    try {
      const { stdout, stderr, exitCode, failed, shortMessage } = await child;
      if (!failed) return { stdout, stderr, code: 0 };
      // An interruption is told as such, whatever Pulumi says of it.
      throwIfInterrupted();
      const said = [shortMessage, stderr, stdout].join("\n");
      throw failures.createCommandError({ stdout, stderr: said, code: exitCode ?? -2, toString: () => said });
    } finally {
      ending.removeEventListener("abort", stop);
    }
  };
