import { readdir, readlink } from "node:fs/promises";
import type { ThrowawayProject } from "./throwaway-project.ts";

/** Kills every process that works in a throwaway project's folder: npm, Pulumi, its providers, kind. Linux only. */
export async function killProcessesOf({ folder }: ThrowawayProject): Promise<void> {
  for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
    const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => "");
    if (cwd !== folder && !cwd.startsWith(`${folder}/`)) continue;
    try {
      process.kill(Number(pid), "SIGKILL");
    } catch {
      // It has ended in the meantime.
    }
  }
}
