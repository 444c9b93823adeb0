import { readFile, readlink } from "node:fs/promises";
import { hostname } from "node:os";
import { tryRun } from "./command.ts";
import { parseStat } from "./process-tree.ts";

/** A process that can be told from a later one with the same number. */
export interface ProcessIdentity {
  pid: number;
  /** When it started, as the system says it. */
  start: string;
  /** Where the number means something: this boot of the machine, and this container. */
  realm: string;
}

/** The identity of a process that runs here; undefined when there is none of that number. @default this process's */
export async function identifyProcess(pid: number = process.pid): Promise<ProcessIdentity | undefined> {
  const [start, realm] = await Promise.all([startOf(pid), realmHere()]);
  return start === undefined ? undefined : { pid, start, realm };
}

/** Whether the process still runs; undefined when that can't be told from here, since its number means nothing here. */
export async function stillRuns({ pid, start, realm }: ProcessIdentity): Promise<boolean | undefined> {
  if (realm !== (await realmHere())) return undefined;
  return (await startOf(pid)) === start;
}

/** Linux counts the start from the boot; elsewhere ps says it. */
async function startOf(pid: number): Promise<string | undefined> {
  if (process.platform === "linux") {
    const stat = parseStat(await readFile(`/proc/${pid}/stat`, "utf8").catch(() => ""));
    return stat === undefined || stat.state === "Z" ? undefined : String(stat.startTicks);
  }
  const { stdout, error } = await tryRun("ps", ["-o", "lstart=", "-p", String(pid)]);
  return error === undefined && stdout.trim() !== "" ? stdout.trim() : undefined;
}

async function realmHere(): Promise<string> {
  if (process.platform !== "linux") return hostname();
  const boot = await readFile("/proc/sys/kernel/random/boot_id", "utf8").catch(() => hostname());
  const namespace = await readlink("/proc/self/ns/pid").catch(() => "");
  return `${boot.trim()} ${namespace}`.trim();
}
