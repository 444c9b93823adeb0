import { homedir } from "node:os";
import { join } from "node:path";

/** The folder of everything built or downloaded. It lies outside the checkout, so that other checkouts share it. */
export function cacheRoot(): string {
  const root = process.env.XDG_CACHE_HOME;
  return join(root ? root : join(homedir(), ".cache"), "kind-fleet");
}

/** The log of a step, by its name. It holds the step's last run. */
export function logFile(name: string): string {
  return join(cacheRoot(), "logs", `${name.replaceAll(/[^\w.-]+/g, "-")}.log`);
}

/** The path of a file or folder of the toolchain itself. */
export function ownFile(...path: string[]): string {
  return join(import.meta.dirname, "..", ...path);
}
