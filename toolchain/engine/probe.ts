import { tryDocker } from "../../host/docker.ts";

/** Where everything looks for an engine by default. */
export const defaultSocket = "unix:///var/run/docker.sock";

/** Whether an engine answers the docker command. `detail` is what the docker command says if not. */
export type EngineAnswer =
  { answers: true } | { answers: false; because: "no docker command" | "permission" | "no engine"; detail: string };

const probeDeadlineSeconds = 15;

/**
 * The engine's socket, if it comes from a context of the docker command. Pulumi's docker plugin doesn't know contexts,
 * so it must be given the address.
 *
 * @returns undefined when the engine is that of DOCKER_HOST or the default one, which the plugin finds itself
 */
export async function socketOfContext(): Promise<string | undefined> {
  if (process.env.DOCKER_HOST !== undefined) return undefined;
  const args = ["context", "inspect", "--format", "{{.Endpoints.docker.Host}}"];
  const { stdout, error } = await tryDocker(args, { deadlineSeconds: probeDeadlineSeconds });
  if (error !== undefined || !stdout.startsWith("unix://") || stdout === defaultSocket) return undefined;
  return stdout;
}

/** Asks the engine that the docker command is set up for. */
export async function probeEngine(): Promise<EngineAnswer> {
  const args = ["version", "--format", "{{.Server.Version}}"];
  const { stderr, error } = await tryDocker(args, { deadlineSeconds: probeDeadlineSeconds });
  if (error === undefined) return { answers: true };
  if (error.notFound) return { answers: false, because: "no docker command", detail: "" };
  const because = /permission denied/i.test(stderr) ? "permission" : "no engine";
  return { answers: false, because, detail: stderr.trim() };
}
