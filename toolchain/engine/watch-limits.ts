import { readFileSync, writeFileSync } from "node:fs";

/** The kernel's limits for watching files, which every node uses up some of: what kind recommends for several nodes. */
const wanted = { max_user_watches: 524_288, max_user_instances: 512 };

/** The limits' names in /proc/sys/fs/inotify. */
export type WatchLimit = keyof typeof wanted;

const names = Object.keys(wanted) as WatchLimit[];
const fileOf = (name: WatchLimit) => `/proc/sys/fs/inotify/${name}`;

/** The limits of this machine; undefined where its kernel has none. */
export function readWatchLimits(): Record<WatchLimit, number> | undefined {
  try {
    const limits = names.map((name) => [name, Number(readFileSync(fileOf(name), "utf8"))]);
    return Object.fromEntries(limits) as Record<WatchLimit, number>;
  } catch {
    return undefined;
  }
}

/** Raises the limits that are too low for several nodes. Never lowers one. Needs root's rights. */
export function raiseWatchLimits(): void {
  const limits = readWatchLimits();
  for (const name of limits === undefined ? [] : names) {
    if ((limits?.[name] ?? Infinity) < wanted[name]) writeFileSync(fileOf(name), String(wanted[name]));
  }
}

/** Says which limits are too low for several nodes, and the command that raises them; undefined when none is. */
export function watchLimitAdvice(limits: Record<WatchLimit, number>): string | undefined {
  const low = names.filter((name) => limits[name] < wanted[name]);
  if (low.length === 0) return undefined;
  const list = low.map((name) => `fs.inotify.${name} is ${limits[name]}`).join(" and ");
  const settings = low.map((name) => `fs.inotify.${name}=${wanted[name]}`).join(" ");
  return (
    `The kernel lets programs watch few files: ${list}. Nodes beyond the first few may fail with "too many open ` +
    `files". To raise it until the next start of the machine: sudo sysctl ${settings}`
  );
}
