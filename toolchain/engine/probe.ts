import { execa } from "execa";

/** Where everybody looks for an engine. */
export const defaultSocket = "unix:///var/run/docker.sock";

/** Whether an engine answers the docker command, and if not, what it says. */
export type Answer =
  { answers: true } | { answers: false; because: "no docker command" | "permission" | "no engine"; detail: string };

/**
 * Where the docker command finds its engine, when a context of its own says so. Pulumi's docker plugin knows no
 * contexts, and would look elsewhere.
 *
 * @returns undefined when that is DOCKER_HOST or the default, where everybody looks
 */
export async function socketOfContext(): Promise<string | undefined> {
  if (process.env["DOCKER_HOST"] !== undefined) return undefined;
  const args = ["context", "inspect", "--format", "{{.Endpoints.docker.Host}}"];
  const { exitCode, stdout } = await execa("docker", args, { stdin: "ignore", reject: false, timeout: 15_000 });
  return exitCode === 0 && stdout.startsWith("unix://") && stdout !== defaultSocket ? stdout : undefined;
}

/** Asks whatever engine the docker command is set up for. */
export async function askEngine(): Promise<Answer> {
  const args = ["version", "--format", "{{.Server.Version}}"];
  const { exitCode, code, stderr } = await execa("docker", args, { stdin: "ignore", reject: false, timeout: 15_000 });
  if (exitCode === 0) return { answers: true };
  if (code === "ENOENT") return { answers: false, because: "no docker command", detail: "" };
  const because = /permission denied/i.test(stderr) ? "permission" : "no engine";
  return { answers: false, because, detail: stderr.trim() };
}
