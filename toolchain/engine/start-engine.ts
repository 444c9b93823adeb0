import { spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { lastLines, run } from "../core/command.ts";
import { ToolchainError } from "../core/toolchain-error.ts";
import { logFile } from "../core/paths.ts";
import { askEngine } from "./probe.ts";
import { waitUntil } from "./pid-file.ts";

const startDeadline = 90_000;

/** Installs the engine from Debian's packages. */
export async function installEngine(log: string): Promise<void> {
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  await run("apt-get", ["update"], { log, env });
  // From Debian 13 on, the docker command is a package of its own.
  const client = await run("apt-cache", ["show", "docker-cli"], { log }).then(
    () => ["docker-cli"],
    () => [],
  );
  await run("apt-get", ["install", "-y", "--no-install-recommends", "docker.io", ...client, "iptables"], { log, env });
}

/** Nodes watch many files; a fresh machine allows few. Never lowers a limit. */
export function raiseWatchLimits(): void {
  const wanted = { max_user_watches: 524_288, max_user_instances: 512 };
  for (const [name, value] of Object.entries(wanted)) {
    const file = `/proc/sys/fs/inotify/${name}`;
    if (Number(readFileSync(file, "utf8")) < value) writeFileSync(file, String(value));
  }
}

/** The arguments that make the engine use an OCI runtime of ours, where it is needed. */
export function engineArguments(runtime: string | undefined): string[] {
  return runtime === undefined ? [] : ["--add-runtime", `bounded=${runtime}`, "--default-runtime", "bounded"];
}

/** Starts the engine so that it outlives us, and waits until it answers. */
export async function startEngine(runtime: string | undefined): Promise<void> {
  const log = logFile("dockerd");
  const engine = detach("dockerd", engineArguments(runtime), log);
  const ended = () => engine.exitCode !== null || engine.signalCode !== null;
  const answers = async () => ended() || (await askEngine()).answers;
  const inTime = await waitUntil(answers, startDeadline);
  if (inTime && !ended()) return;
  const what = ended() ? "ended at once" : `has not answered for ${startDeadline / 1000} s`;
  throw new ToolchainError(`The Docker engine ${what}.\n${lastLines(log)}\nIts whole log: ${log}`);
}

/** A process of its own session, which no signal to ours reaches, with the last run's log kept. */
function detach(program: string, args: readonly string[], log: string) {
  mkdirSync(dirname(log), { recursive: true });
  if (existsSync(log)) renameSync(log, `${log}.1`);
  const output = openSync(log, "a");
  try {
    const child = spawn(program, args, { detached: true, cwd: "/", stdio: ["ignore", output, output] });
    child.unref();
    child.on("error", () => undefined); // shows as one that ended
    return child;
  } finally {
    closeSync(output);
  }
}
