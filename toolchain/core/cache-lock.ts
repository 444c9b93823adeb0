import { setTimeout as sleep } from "node:timers/promises";
import { interrupted, throwIfInterrupted } from "../../host/interruption.ts";
import { NamedLock } from "../../host/named-lock.ts";
import { cacheRoot } from "./paths.ts";
import type { Reporter } from "./reporter.ts";

/**
 * Does the work while no other process works on the cache, and shows which process it waits for.
 *
 * Should another process take the lock meanwhile, both may go on: each works in a folder of its own, and renames it when
 * all of it is done.
 *
 * @param purpose what the work does, for others that wait, such as `getting tools`
 */
export async function withCacheLock<T>(purpose: string, report: Reporter, work: () => Promise<T>): Promise<T> {
  const lock = new NamedLock(cacheRoot(), "lock");
  const startedAt = Date.now();
  for (;;) {
    const release = await lock.take(purpose);
    if (release !== undefined) {
      try {
        return await work();
      } finally {
        await release();
      }
    }
    const seconds = Math.round((Date.now() - startedAt) / 1000);
    report.show(`Waiting for ${await lock.owner()} (${seconds} s)…`, "lock");
    await sleep(500, undefined, { signal: interrupted }).catch(throwIfInterrupted);
  }
}
