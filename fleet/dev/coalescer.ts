import { setTimeout as sleep } from "node:timers/promises";

/** How long a save may consist of several changes of files, from the last one on. */
const quietMilliseconds = 25;

/** A file that was saved. */
export interface Save {
  path: string;
  /** When, in milliseconds since 1970. */
  at: number;
}

/**
 * Runs some work after saves: one run at a time, and one for all that were saved shortly after one another or during the
 * run before.
 */
export class Coalescer {
  private readonly work: (saves: readonly Save[]) => Promise<void>;
  private readonly quiet: number;
  private saves: Save[] = [];
  private running: Promise<void> | undefined;

  /** @param work must not throw */
  constructor(work: (saves: readonly Save[]) => Promise<void>, quiet = quietMilliseconds) {
    this.work = work;
    this.quiet = quiet;
  }

  add(save: Save): void {
    this.saves.push(save);
    this.running ??= this.run();
  }

  /** Resolves when no run is under way, and none is due. */
  async idle(): Promise<void> {
    while (this.running !== undefined) await this.running;
  }

  private async run(): Promise<void> {
    while (this.saves.length > 0) {
      let known = 0;
      while (this.saves.length > known) {
        known = this.saves.length;
        await sleep(this.quiet);
      }
      const saves = this.saves;
      this.saves = [];
      await this.work(saves);
    }
    this.running = undefined;
  }
}
