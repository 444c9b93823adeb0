import { spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, renameSync } from "node:fs";
import { dirname } from "node:path";
import { letStay } from "../../host/process-tree.ts";
import { waitUntil } from "../../host/wait.ts";
import { installPackages, isListed, updatePackageLists } from "../core/apt.ts";
import { lastLines } from "../core/logged-command.ts";
import { logFile } from "../core/paths.ts";
import { ToolchainError } from "../core/toolchain-error.ts";
import { runtimeName } from "./oci-runtime.ts";
import { probeEngine } from "./probe.ts";

const startDeadlineSeconds = 90;

/** Installs the engine from Debian's packages. */
export async function installEngine(log: string): Promise<void> {
  await updatePackageLists(log);
  // From Debian 13 on, the docker command is a package of its own.
  const client = (await isListed("docker-cli")) ? ["docker-cli"] : [];
  await installPackages(["docker.io", ...client, "iptables"], log);
}

/** The arguments that make the engine use our OCI runtime; none without one. */
export function engineArguments(runtime: string | undefined): string[] {
  if (runtime === undefined) return [];
  return ["--add-runtime", `${runtimeName}=${runtime}`, "--default-runtime", runtimeName];
}

/**
 * Starts an engine that goes on running when this process has ended, and waits until it answers.
 *
 * @param runtime the path of the OCI runtime, if the engine needs ours
 * @throws ToolchainError when it ends or doesn't answer
 */
export async function startEngine(runtime: string | undefined): Promise<void> {
  const log = logFile("dockerd");
  const engine = startDetached("dockerd", engineArguments(runtime), log);
  const ended = () => engine.exitCode !== null || engine.signalCode !== null;
  const settled = await waitUntil(async () => ended() || (await probeEngine()).answers, startDeadlineSeconds, {
    longestPauseMilliseconds: 200,
  });
  if (settled && !ended()) return;
  const what = ended() ? "ended at once" : `has not answered for ${startDeadlineSeconds} s`;
  throw new ToolchainError(`The Docker engine ${what}.\n${lastLines(log)}\nIts whole log: ${log}`);
}

/** Starts a process in a session of its own, which signals to ours don't reach. The last run's log is kept. */
function startDetached(program: string, args: readonly string[], log: string) {
  mkdirSync(dirname(log), { recursive: true });
  if (existsSync(log)) renameSync(log, `${log}.1`);
  const output = openSync(log, "a");
  try {
    const child = spawn(program, args, { detached: true, cwd: "/", stdio: ["ignore", output, output] });
    child.unref();
    if (child.pid !== undefined) letStay(child.pid);
    // A program that can't be started has an exit code, too; without a listener, this process would end.
    child.on("error", () => undefined);
    return child;
  } finally {
    closeSync(output);
  }
}
