import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import lockfile from "proper-lockfile";
import { interrupted, throwIfInterrupted } from "../../host/interruption.ts";
import { isRunning } from "../../host/process-alive.ts";
import { cacheRoot } from "./paths.ts";
import type { Reporter } from "./reporter.ts";

/** A running process renews its lock all the time; a lock that was not renewed for this long may be taken. */
const staleAfterMilliseconds = 30_000;
/** The same where the named owner has ended. More than 0, since a new owner may not have written its name yet. */
const staleOfEndedAfterMilliseconds = 2_000;

/**
 * Does the work while no other process works on the cache, and shows which process it waits for.
 *
 * @param purpose what the work does, for others that wait, such as `getting tools`
 */
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
  const startedAt = Date.now();
  for (;;) {
    const owner = await readFile(ownerFile, "utf8").catch(() => "another process");
    try {
      return await lockfile.lock(cacheRoot(), {
        lockfilePath: join(cacheRoot(), "lock"),
        stale: hasEnded(owner) ? staleOfEndedAfterMilliseconds : staleAfterMilliseconds,
        // On a machine that was suspended the lock may have been taken by another process. Going on is safe: each
        // process works in a folder of its own, and renames it when all of it is done.
        onCompromised: () => {},
      });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ELOCKED") throw error;
      const seconds = Math.round((Date.now() - startedAt) / 1000);
      report.show(`Waiting for ${owner} (${seconds} s)…`, "lock");
      await sleep(500, undefined, { signal: interrupted }).catch(throwIfInterrupted);
    }
  }
}

/** True when the process that the owner's line names is no longer running. */
function hasEnded(owner: string): boolean {
  const pid = Number(/^process (\d+)/.exec(owner)?.[1]);
  return pid > 0 && !isRunning(pid);
}
