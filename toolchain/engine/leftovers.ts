import { ToolchainError } from "../core/toolchain-error.ts";
import { askEngine } from "./probe.ts";
import { liveProcess, removeStale, waitUntil } from "./pid-file.ts";

/** Where an engine keeps what tells others that it runs. */
export const runFolder = "/var/run";

const enginePid = `${runFolder}/docker.pid`;
const containerdPid = `${runFolder}/docker/containerd/containerd.pid`;
const containerdSockets = ["containerd.sock", "containerd.sock.ttrpc", "containerd-debug.sock"].map(
  (name) => `${runFolder}/docker/containerd/${name}`,
);

const engineDeadline = 90_000;
const containerdDeadline = 20_000;

/**
 * Clears the way for a new engine. One that is starting up or going down is waited for; what a killed one left
 * is removed. Gives true where the engine turned out to answer after all.
 */
export async function clearLeftovers(): Promise<boolean> {
  const runs = () => liveProcess(enginePid, "dockerd") !== undefined;
  const settled = await waitUntil(async () => !runs() || (await askEngine()).answers, engineDeadline);
  if (!settled) throw new ToolchainError(hungEngine());
  if (runs() && (await askEngine()).answers) return true;
  await removeStale([enginePid]);
  // An engine that goes down takes its containerd with it. One that stays was orphaned, and the new engine adopts it.
  const gone = await waitUntil(() => liveProcess(containerdPid, "containerd") === undefined, containerdDeadline);
  if (gone) await removeStale([containerdPid, ...containerdSockets]);
  return false;
}

function hungEngine(): string {
  const pid = liveProcess(enginePid, "dockerd") ?? "?";
  return `The Docker engine (process ${pid}) runs, but has not answered for ${engineDeadline / 1000} s. End it and try again.`;
}
