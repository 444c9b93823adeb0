import { homedir } from "node:os";
import { join } from "node:path";
import { CommandError, run, type RunOptions, tryRun } from "./command.ts";
import { withoutWorkSettings } from "./other-settings.ts";

/** Runs the docker command; see {@link run}. */
export const docker = (args: readonly string[], options?: RunOptions): Promise<string> =>
  run("docker", args, withOwnSettings(options));

/** Runs the docker command, and returns its failure; see {@link tryRun}. */
export const tryDocker = (args: readonly string[], options?: RunOptions) =>
  tryRun("docker", args, withOwnSettings(options));

/** The addresses that the docker command named, by what decides about them. */
const addresses = new Map<string, Promise<string>>();

/** The address of the engine that the docker command is set up for, such as `unix:///var/run/docker.sock`. */
export async function engineAddress(env: NodeJS.ProcessEnv = process.env): Promise<string> {
  if (env.DOCKER_HOST) return env.DOCKER_HOST;
  const key = settingsOfDocker();
  const address = addresses.get(key) ?? addressOfContext();
  addresses.set(key, address);
  return address;
}

/** What decides which docker command is run, and which engine that asks. */
export function settingsOfDocker(): string {
  const { PATH, HOME, DOCKER_CONTEXT, DOCKER_CONFIG, DOCKER_HOST } = process.env;
  return JSON.stringify([PATH, HOME, DOCKER_CONTEXT, DOCKER_CONFIG, DOCKER_HOST]);
}

async function addressOfContext(): Promise<string> {
  const args = ["context", "inspect", "--format", "{{.Endpoints.docker.Host}}"];
  const { stdout } = await tryDocker(args, { deadlineSeconds: 15 });
  return stdout.trim();
}

/** The path of the docker command's own configuration file. */
export const dockerConfigFile = (env: NodeJS.ProcessEnv = process.env): string =>
  join(env.DOCKER_CONFIG || join(env.HOME ?? homedir(), ".docker"), "config.json");

/** The label of an image that was made on this machine; it holds the image's key. A pulled image has none. */
export const madeHereLabel = "toolchain.key";

const withOwnSettings = (options?: RunOptions): RunOptions => ({
  ...options,
  env: { ...withoutWorkSettings(), ...options?.env },
});

/**
 * What the docker command says when no engine answers it: versions 20.10 to 29, over a Unix socket, TCP and SSH, and for
 * a context that doesn't exist.
 */
const unreachable = [
  /cannot connect to the docker daemon/i,
  /failed to connect to the docker API/i,
  /permission denied while trying to connect to the docker/i,
  /error during connect/i,
  /docker daemon is not running/i,
  /are you trying to connect to a TLS-enabled daemon without TLS/i,
  /server probably has client authentication/i,
  /unable to resolve docker endpoint/i,
  /^context deadline exceeded$/m,
];

/** What an engine answers begins like this; it may quote any of the words above. */
const answered = /error response from daemon/i;

/** True when a docker command failed because no engine answered, or there is no docker command. */
export function engineUnreachable(error: unknown): boolean {
  if (!(error instanceof CommandError)) return false;
  if (error.notFound) return true;
  return !answered.test(error.message) && unreachable.some((words) => words.test(error.message));
}

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
