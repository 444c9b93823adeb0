import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import lockfile from "proper-lockfile";
import { isRunning } from "./process-alive.ts";

/** A running process renews its lock all the time; a lock that was not renewed for this long may be taken. */
const staleAfterMilliseconds = 30_000;
/** The same where the named owner has ended. More than 0, since a new owner may not have written its name yet. */
const staleOfEndedAfterMilliseconds = 2_000;
/** When the lock of a process that was killed can be taken at the latest: its time may be up to a second ahead. */
export const freeAfterMilliseconds = staleOfEndedAfterMilliseconds + 2_000;

/** A lock in a folder, with the process that has it named beside it. */
export class NamedLock {
  private readonly folder: string;
  private readonly name: string;
  private readonly ownerFile: string;

  /** @param name the lock's name in the folder, which is made if it is not there */
  constructor(folder: string, name: string) {
    this.folder = folder;
    this.name = name;
    this.ownerFile = join(folder, `${name}-owner`);
  }

  /**
   * Takes the lock, unless another process has it. One of a process that was killed can be taken after a moment.
   *
   * @param purpose what for, such as `getting tools`
   * @returns what releases it; undefined when another process has it
   */
  async take(purpose: string): Promise<(() => Promise<void>) | undefined> {
    await mkdir(this.folder, { recursive: true });
    const release = await this.lock();
    if (release === undefined) return undefined;
    try {
      await writeFile(this.ownerFile, `process ${process.pid}, which is ${purpose}`);
      return release;
    } catch (error) {
      await release();
      throw error;
    }
  }

  private async lock(): Promise<(() => Promise<void>) | undefined> {
    try {
      return await lockfile.lock(this.folder, {
        lockfilePath: join(this.folder, this.name),
        realpath: false,
        stale: (await this.ownerHasEnded()) ? staleOfEndedAfterMilliseconds : staleAfterMilliseconds,
        // On a machine that was suspended another process may have taken it. Going on is safe for all that use this.
        onCompromised: () => {},
      });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ELOCKED") throw error;
      return undefined;
    }
  }

  /** Who has the lock, or had it last, such as `process 123, which is getting tools`. */
  owner(): Promise<string> {
    return readFile(this.ownerFile, "utf8").catch(() => "another process");
  }

  /** True when the process that the owner's line names is no longer running. */
  async ownerHasEnded(): Promise<boolean> {
    const pid = Number(/^process (\d+)/.exec(await this.owner())?.[1]);
    return pid > 0 && !isRunning(pid);
  }
}
