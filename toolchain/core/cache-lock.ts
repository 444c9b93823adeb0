import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import lockfile from "proper-lockfile";
import { cacheRoot } from "./paths.ts";
import { isRunning } from "../../host/process.ts";
import type { Reporter } from "./reporter.ts";

/** A holder that lives renews its lock; one that sleeps this long has lost it. */
const staleAfterMilliseconds = 30_000;
/** A holder that is dead renews nothing; this is only for one that has not written its name yet. */
const deadAfterMilliseconds = 2_000;

/** Does the work while no other process works on the cache; says whom it waits for. */
export async function withCacheLock<T>(purpose: string, report: Reporter, work: () => Promise<T>): Promise<T> {
  await mkdir(cacheRoot(), { recursive: true });
  const ownerFile = join(cacheRoot(), "lock-owner");
  const release = await acquire(report, ownerFile);
  try {
    await writeFile(ownerFile, `process ${process.pid}, which is ${purpose}`);
    return await work();
  } finally {
    await release();
  }
}

async function acquire(report: Reporter, ownerFile: string): Promise<() => Promise<void>> {
  const since = Date.now();
  for (;;) {
    const owner = await readFile(ownerFile, "utf8").catch(() => "another process");
    try {
      return await lockfile.lock(cacheRoot(), {
        lockfilePath: join(cacheRoot(), "lock"),
        stale: isDead(owner) ? deadAfterMilliseconds : staleAfterMilliseconds,
        onCompromised: ignoreLateUpdate,
      });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ELOCKED") throw error;
      const seconds = Math.round((Date.now() - since) / 1000);
      report.show(`Waiting for ${owner} (${seconds} s)…`, "lock");
      await sleep(500);
    }
  }
}

/** Whether the process that an owner's line names is gone. */
function isDead(owner: string): boolean {
  const pid = Number(/^process (\d+)/.exec(owner)?.[1]);
  return pid > 0 && !isRunning(pid);
}

/** A machine that slept wakes up with a stale lock: the work goes on, and its result is renamed into place whole. */
function ignoreLateUpdate(): void {
  // Nothing to do: whoever took the lock meanwhile works in a folder of its own.
}
