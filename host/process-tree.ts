import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/** A process of this machine, and the one that started it. */
export interface ProcessEntry {
  pid: number;
  parent: number;
}

/** Processes that we started, and that go on when we have ended. */
const staying = new Set<number>();

/** Spares a process, with its descendants, when everything else that this one started is ended at once. */
export const letStay = (pid: number): void => void staying.add(pid);

/** All that a process started, directly or not, children before their own children. */
export function descendantsOf(
  root: number,
  entries: readonly ProcessEntry[],
  spared: ReadonlySet<number> = staying,
): number[] {
  const children = entries.filter(({ pid, parent }) => parent === root && pid !== root && !spared.has(pid));
  return children.flatMap(({ pid }) => [pid, ...descendantsOf(pid, entries, spared)]);
}

/** Ends all that this process started, directly or not, at once. */
export function killDescendants(): void {
  for (const pid of descendantsOf(process.pid, processes())) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It has ended by itself.
    }
  }
}

/** The processes that run now. */
function processes(): ProcessEntry[] {
  try {
    return process.platform === "linux"
      ? readProc()
      : parsePs(execFileSync("ps", ["-A", "-o", "pid=,ppid="]).toString());
  } catch {
    return [];
  }
}

/** Reads the output of `ps -A -o pid=,ppid=`. */
export const parsePs = (text: string): ProcessEntry[] =>
  text
    .split("\n")
    .map((line) => /^\s*(\d+)\s+(\d+)\s*$/.exec(line))
    .flatMap((match) => (match ? [{ pid: Number(match[1]), parent: Number(match[2]) }] : []));

function readProc(): ProcessEntry[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const stat = readStat(name);
      return stat === undefined ? [] : [{ pid: Number(name), parent: stat.parent }];
    });
}

function readStat(pid: string): ReturnType<typeof parseStat> {
  try {
    return parseStat(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return undefined;
  }
}

/** Reads the parts of Linux' `/proc/<pid>/stat` that are needed here; the program's name may hold anything. */
export function parseStat(
  text: string,
): { program: string; state: string; parent: number; startTicks: number } | undefined {
  const [, program, rest] = /^\d+ \((.*)\) (.*)$/s.exec(text.trim()) ?? [];
  const fields = rest?.split(" ") ?? [];
  if (program === undefined || fields.length < 20) return undefined;
  return { program, state: fields[0] ?? "", parent: Number(fields[1]), startTicks: Number(fields[19]) };
}
