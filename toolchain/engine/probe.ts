import { engineAddress, tryDocker } from "../../host/docker.ts";

/** Where everything looks for an engine by default. */
export const defaultSocket = "unix:///var/run/docker.sock";

/** Whether an engine answers the docker command. `detail` is what the docker command says if not. */
export type EngineAnswer = { answers: true } | { answers: false; because: EngineSilence; detail: string };

/** Why there is no answer. With `refusal` an engine runs, but wants nothing to do with this docker command. */
export type EngineSilence = "no docker command" | "permission" | "no engine" | "refusal";

const probeDeadlineSeconds = 15;

/**
 * The engine's address, if it comes from a context of the docker command. Pulumi's docker plugin doesn't know contexts,
 * so it must be given the address.
 *
 * @returns undefined when the engine is that of DOCKER_HOST or the default one, which the plugin finds itself
 */
export async function socketOfContext(): Promise<string | undefined> {
  return process.env.DOCKER_HOST === undefined ? addressForPlugin(await engineAddress()) : undefined;
}

/**
 * What Pulumi's docker plugin must be told of a context's address. It can't use SSH, for which the docker command
 * starts a program of its own.
 */
export function addressForPlugin(address: string): string | undefined {
  if (address === defaultSocket) return undefined;
  return /^(unix|tcp):\/\//.test(address) ? address : undefined;
}

/** Asks the engine that the docker command is set up for. */
export async function probeEngine(): Promise<EngineAnswer> {
  const args = ["version", "--format", "{{.Server.Version}}"];
  const { stderr, error } = await tryDocker(args, { deadlineSeconds: probeDeadlineSeconds });
  if (error === undefined) return { answers: true };
  if (error.notFound) return { answers: false, because: "no docker command", detail: "" };
  return { answers: false, because: silenceIn(stderr), detail: stderr.trim() };
}

/** Why no engine answered, in the words of the docker command. */
export function silenceIn(stderr: string): EngineSilence {
  if (/error response from daemon/i.test(stderr)) return "refusal";
  return /permission denied/i.test(stderr) ? "permission" : "no engine";
}
