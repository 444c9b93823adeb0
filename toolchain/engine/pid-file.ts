import { existsSync, readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

/** The process that a file names, if it lives and is the program meant: numbers are given anew. */
export function liveProcess(pidFile: string, program: string): number | undefined {
  const pid = Number(readText(pidFile));
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  return isAlive(readText(`/proc/${pid}/stat`), program) ? pid : undefined;
}

/** Reads `NUMBER (PROGRAM) STATE …`. One that ended, and that nobody has asked after yet, is as good as gone. */
export function isAlive(stat: string, program: string): boolean {
  const [, name, state] = /^\d+ \((.*)\) (\S)/.exec(stat) ?? [];
  return name === program && state !== "Z" && state !== "X";
}

/** Waits until something holds, or the deadline has passed; gives whether it holds. */
export async function waitUntil(holds: () => boolean | Promise<boolean>, milliseconds: number): Promise<boolean> {
  const deadline = Date.now() + milliseconds;
  while (!(await holds())) {
    if (Date.now() > deadline) return false;
    await sleep(200);
  }
  return true;
}

/** Removes what a process that is gone left behind. */
export async function removeStale(paths: readonly string[]): Promise<void> {
  for (const path of paths.filter((candidate) => existsSync(candidate))) await rm(path, { force: true });
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8").trim();
  } catch {
    return "";
  }
}
