import { readFile, rm, writeFile } from "node:fs/promises";
import { isRunning } from "./process-alive.ts";
import { waitFor } from "./wait.ts";

/** How long a lock that others hold is waited for. */
const lockDeadlineSeconds = 15;

/** What our locks hold, so that one of a process that was killed can be told. Others' are empty. */
const ownLock = (pid: number): string => `process ${pid}\n`;

/**
 * Does some work while nobody else has the lock: a file that only one process can make, which all others respect.
 *
 * @throws Error when somebody else keeps the lock
 * @throws InterruptedError
 */
export async function withFileLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  await acquire(file);
  try {
    return await work();
  } finally {
    await rm(file, { force: true });
  }
}

async function acquire(file: string): Promise<void> {
  let refusal: unknown;
  await waitFor(`the lock ${file}`, lockDeadlineSeconds, async () => {
    try {
      await writeFile(file, ownLock(process.pid), { flag: "wx", mode: 0o600 });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") return void (refusal = error);
      if (await isAbandoned(file)) await rm(file, { force: true });
      const remedy = `If none is running any more, remove it: rm ${file}`;
      throw new Error(`another program has it. ${remedy}`, { cause: error });
    }
  });
  if (refusal !== undefined) throw refusal as Error;
}

/** True when the lock is one of ours, and the process that made it has ended. */
async function isAbandoned(file: string): Promise<boolean> {
  const pid = /^process (\d+)\n$/.exec(await readFile(file, "utf8").catch(() => ""))?.[1];
  return pid !== undefined && !isRunning(Number(pid));
}
