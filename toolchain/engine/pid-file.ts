import { readFileSync } from "node:fs";
import { rm } from "node:fs/promises";

/**
 * The process that a file names, if it runs the given program. The number alone says nothing: once a process has
 * ended, another one may be given its number.
 */
export function liveProcess(pidFile: string, program: string): number | undefined {
  const pid = Number(readText(pidFile));
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  return isLiveProgram(readText(`/proc/${pid}/stat`), program) ? pid : undefined;
}

/**
 * Reads `NUMBER (PROGRAM) STATE …`, which is empty when there is no such process. A zombie (Z) has ended, only its
 * parent has not yet read how.
 */
export function isLiveProgram(stat: string, program: string): boolean {
  const [, name, state] = /^\d+ \((.*)\) (\S)/.exec(stat) ?? [];
  return name === program && state !== "Z" && state !== "X";
}

/** Removes the files that an ended process left. */
export async function removeStale(paths: readonly string[]): Promise<void> {
  for (const path of paths) await rm(path, { force: true });
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8").trim();
  } catch {
    return "";
  }
}
