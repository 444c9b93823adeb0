import { waitUntil } from "../../host/wait.ts";
import { ToolchainError } from "../core/toolchain-error.ts";
import { liveProcess, removeStale } from "./pid-file.ts";
import { probeEngine } from "./probe.ts";

/** Where a running engine keeps its process id and sockets. */
const runFolder = "/var/run";

const enginePid = `${runFolder}/docker.pid`;
const containerdPid = `${runFolder}/docker/containerd/containerd.pid`;
const containerdSockets = ["containerd.sock", "containerd.sock.ttrpc", "containerd-debug.sock"].map(
  (name) => `${runFolder}/docker/containerd/${name}`,
);

const engineDeadlineSeconds = 90;
const containerdDeadlineSeconds = 20;
const pauses = { longestPauseMilliseconds: 200 };

/**
 * Clears the way for a new engine: waits for an engine that is starting or stopping, and removes the files of one that
 * was killed.
 *
 * @returns true when an engine answers after all, so that none has to be started
 * @throws ToolchainError when an engine runs, but doesn't answer
 */
export async function clearLeftovers(): Promise<boolean> {
  const runs = () => liveProcess(enginePid, "dockerd") !== undefined;
  const settled = await waitUntil(async () => !runs() || (await probeEngine()).answers, engineDeadlineSeconds, pauses);
  if (!settled) throw new ToolchainError(hungEngine());
  if (runs() && (await probeEngine()).answers) return true;
  await removeStale([enginePid]);
  // An engine that stops also stops its containerd. A containerd that goes on was left by a killed engine, and the new
  // engine uses it.
  const containerdGone = () => liveProcess(containerdPid, "containerd") === undefined;
  const gone = await waitUntil(containerdGone, containerdDeadlineSeconds, pauses);
  if (gone) await removeStale([containerdPid, ...containerdSockets]);
  return false;
}

function hungEngine(): string {
  const pid = liveProcess(enginePid, "dockerd") ?? "?";
  return (
    `The Docker engine (process ${pid}) runs, but has not answered for ${engineDeadlineSeconds} s. ` +
    "End it and try again."
  );
}
