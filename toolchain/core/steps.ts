import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { cacheRoot, logFile } from "./paths.ts";
import { clock, progressLine } from "./progress.ts";
import type { Reporter } from "./reporter.ts";
import { ToolchainError } from "./toolchain-error.ts";

/** A piece of work that takes long enough for its progress to be shown. */
export interface Step {
  /** What is worked on, such as `kube-apiserver`. */
  name: string;
  /** What is done with it, such as `building`. */
  doing: string;
  /** How much it fetches, so far as that is known. @default it fetches nothing, or nobody says how much */
  bytes?: number;
  /** How long it takes on two cores, with nothing cached. @default not known */
  knownSeconds?: number;
  /** Does the work, appends what its commands print to the log, and may note how far it is. */
  run(log: string, note: (text: string) => void): Promise<void>;
}

const timesFile = (): string => join(cacheRoot(), "times.json");

/**
 * Runs the steps one after the other, since they compete for the same cores.
 *
 * @throws ToolchainError that names the step
 */
export async function runSteps(steps: readonly Step[], report: Reporter): Promise<void> {
  const lastSeconds = await readTimes();
  for (const [position, step] of steps.entries()) {
    const seconds = await runStep(step, position + 1, steps.length, lastSeconds[step.name], report);
    lastSeconds[step.name] = Math.round(seconds);
    await mkdir(dirname(timesFile()), { recursive: true });
    await writeFile(timesFile(), JSON.stringify(lastSeconds, null, 2));
  }
}

/** Returns how many seconds the step took. */
async function runStep(
  step: Step,
  index: number,
  total: number,
  lastSeconds: number | undefined,
  report: Reporter,
): Promise<number> {
  const { name, doing, knownSeconds } = step;
  const startedAt = Date.now();
  const elapsedSeconds = () => (Date.now() - startedAt) / 1000;
  let note: string | undefined;
  const show = () => {
    const progress = { index, total, name, doing, note, elapsedSeconds: elapsedSeconds(), lastSeconds, knownSeconds };
    report.show(progressLine(progress), name);
  };
  const log = logFile(name);
  await rm(log, { force: true });
  show();
  const ticking = setInterval(show, 1000);
  try {
    await step.run(log, (text) => {
      note = text;
    });
  } catch (error) {
    report.clear();
    throw nameStep(step, error);
  } finally {
    clearInterval(ticking);
  }
  report.say(`[${index}/${total}] ${name}: done in ${clock(elapsedSeconds())}`);
  return elapsedSeconds();
}

function nameStep({ name, doing }: Step, error: unknown): unknown {
  if (!(error instanceof ToolchainError)) return error;
  return new ToolchainError(`${name}: ${doing} failed. ${error.message}`, { cause: error });
}

/** How many seconds each step took last time on this machine, by its name. */
async function readTimes(): Promise<Partial<Record<string, number>>> {
  try {
    return JSON.parse(await readFile(timesFile(), "utf8")) as Partial<Record<string, number>>;
  } catch {
    return {};
  }
}
