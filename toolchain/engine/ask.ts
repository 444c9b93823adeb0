import { execa } from "execa";

/** Whether an engine answers the docker command, and if not, what it says. */
export type Answer = { answers: true } | { answers: false; because: "no docker command" | "permission" | "no engine"; detail: string };

/** Asks whatever engine the docker command is set up for. */
export async function askEngine(): Promise<Answer> {
  const args = ["version", "--format", "{{.Server.Version}}"];
  const { exitCode, code, stderr } = await execa("docker", args, { stdin: "ignore", reject: false, timeout: 15_000 });
  if (exitCode === 0) return { answers: true };
  if (code === "ENOENT") return { answers: false, because: "no docker command", detail: "" };
  const because = /permission denied/i.test(stderr) ? "permission" : "no engine";
  return { answers: false, because, detail: stderr.trim() };
}
