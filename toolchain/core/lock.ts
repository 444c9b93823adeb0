import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import lockfile from "proper-lockfile";
import { cacheRoot } from "./paths.ts";
import type { Reporter } from "./report.ts";

const staleAfterMilliseconds = 30_000;

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
    try {
      return await lockfile.lock(cacheRoot(), {
        lockfilePath: join(cacheRoot(), "lock"),
        stale: staleAfterMilliseconds,
        onCompromised: ignoreLateUpdate,
      });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ELOCKED") throw error;
      const owner = await readFile(ownerFile, "utf8").catch(() => "another process");
      const seconds = Math.round((Date.now() - since) / 1000);
      report.show(`Waiting for ${owner} (${seconds} s)…`, "lock");
      await sleep(500);
    }
  }
}

/** A machine that slept wakes up with a stale lock: the work goes on, and its result is renamed into place whole. */
function ignoreLateUpdate(): void {
  // Nothing to do: whoever took the lock meanwhile works in a folder of its own.
}
