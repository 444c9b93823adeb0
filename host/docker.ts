import { CommandError, run, type RunOptions, tryRun } from "./command.ts";
import { withoutWorkSettings } from "./other-settings.ts";

/** Runs the docker command; see {@link run}. */
export const docker = (args: readonly string[], options?: RunOptions): Promise<string> =>
  run("docker", args, withOwnSettings(options));

/** Runs the docker command, and returns its failure; see {@link tryRun}. */
export const tryDocker = (args: readonly string[], options?: RunOptions) =>
  tryRun("docker", args, withOwnSettings(options));

const withOwnSettings = (options?: RunOptions): RunOptions => ({
  ...options,
  env: { ...withoutWorkSettings(), ...options?.env },
});

/** What the docker command says when no engine answers it, or when there is no docker command. */
const unreachable =
  /cannot connect to the docker daemon|is the docker daemon running|permission denied.*docker|ENOENT|connection refused/i;

/** True when a docker command failed because no engine answered, not because of what an engine answered. */
export const engineUnreachable = (error: unknown): boolean =>
  error instanceof CommandError && unreachable.test(error.message);

/**
 * The engine's answer to a query; undefined when no engine answers. For previews, which work without one.
 *
 * @throws what the query throws for any other reason
 */
export async function unlessUnreachable<T>(query: Promise<T>): Promise<T | undefined> {
  try {
    return await query;
  } catch (error) {
    if (engineUnreachable(error)) return undefined;
    throw error;
  }
}
