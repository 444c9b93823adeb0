import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { parseStat } from "./process-tree.ts";

/** Whether a process of this machine is running, whoever owns it. */
export function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
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
