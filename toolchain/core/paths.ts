import { homedir } from "node:os";
import { join } from "node:path";

/** The folder that outlives checkouts, where everything that was built or downloaded is kept. */
export function cacheRoot(): string {
  const root = process.env["XDG_CACHE_HOME"];
  return join(root ? root : join(homedir(), ".cache"), "kind-fleet");
}

/** The folder of logs; one file for each piece of work, of its last run. */
export function logFile(name: string): string {
  return join(cacheRoot(), "logs", `${name.replaceAll(/[^\w.-]+/g, "-")}.log`);
}

/** A file of the toolchain itself. */
export function ownFile(...path: string[]): string {
  return join(import.meta.dirname, "..", ...path);
}
