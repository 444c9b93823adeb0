import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { parseStat } from "./process-tree.ts";

/**
 * Whether a process of this machine is running, whoever owns it. One that has ended is not, even if nobody has asked for
 * its exit status: the first process of a container may never do so for what others left.
 */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
  }
  return stateOf(pid) !== "Z";
}

/** The letter that the system has for a process's state; undefined where it can't be told. */
function stateOf(pid: number): string | undefined {
  try {
    if (process.platform === "linux") return parseStat(readFileSync(`/proc/${pid}/stat`, "utf8"))?.state;
    return execFileSync("ps", ["-o", "stat=", "-p", String(pid)])
      .toString()
      .trim()[0];
  } catch {
    return undefined;
  }
}

/** What is known of a running process. */
export interface ProcessFacts {
  /** The program's name. */
  program: string;
  /** When it was started. */
  startedAt: Date;
}

/** Clock ticks in a second, in Linux' interface to programs; the same on all architectures that Node runs on. */
const ticksPerSecond = 100;

/** What is known of a process; undefined when there is none, or nothing can be told. */
export function processFacts(pid: number): ProcessFacts | undefined {
  try {
    if (process.platform === "linux") {
      return factsFromProc(readFileSync(`/proc/${pid}/stat`, "utf8"), readFileSync("/proc/stat", "utf8"));
    }
    const environment = { ...process.env, LC_ALL: "C" };
    return factsFromPs(execFileSync("ps", ["-o", "lstart=,comm=", "-p", String(pid)], { env: environment }).toString());
  } catch {
    return undefined;
  }
}

/** Reads a process's entry in Linux' `/proc`, and the machine's. */
export function factsFromProc(processStat: string, machineStat: string): ProcessFacts | undefined {
  const stat = parseStat(processStat);
  const bootSeconds = /^btime (\d+)$/m.exec(machineStat)?.[1];
  if (stat === undefined || bootSeconds === undefined) return undefined;
  const startedAt = new Date((Number(bootSeconds) + stat.startTicks / ticksPerSecond) * 1000);
  return { program: stat.program, startedAt };
}

/** Reads the output of `ps -o lstart=,comm=`, such as `Thu Nov 26 15:07:12 2026 /usr/local/bin/pulumi`. */
export function factsFromPs(text: string): ProcessFacts | undefined {
  const [, start, command] = /^\s*(\w{3}\s+\w{3}\s+\d+\s+[\d:]+\s+\d{4})\s+(.+?)\s*$/.exec(text) ?? [];
  if (start === undefined || command === undefined) return undefined;
  return { program: command.split("/").at(-1) ?? command, startedAt: new Date(start) };
}
