import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { ToolchainError } from "./toolchain-error.ts";
import { cacheRoot, logFile } from "./paths.ts";
import { clock, progressLine } from "./progress.ts";
import type { Reporter } from "./reporter.ts";

/** A piece of work that takes long enough to be shown. */
export interface Step {
  /** What it is about, such as `kube-apiserver`. */
  name: string;
  /** What happens to it, such as `building`. */
  doing: string;
  /** How long it takes, from cold, on two cores. */
  knownSeconds?: number;
  run(log: string): Promise<void>;
}

const timesFile = (): string => join(cacheRoot(), "times.json");

/** Runs the steps one after the other: they compete for the same cores. */
export async function runSteps(steps: readonly Step[], report: Reporter): Promise<void> {
  const last = await readTimes();
  for (const [position, step] of steps.entries()) {
    const seconds = await runStep(step, position + 1, steps.length, last[step.name], report);
    last[step.name] = Math.round(seconds);
    await mkdir(dirname(timesFile()), { recursive: true });
    await writeFile(timesFile(), JSON.stringify(last, null, 2));
  }
}

async function runStep(
  step: Step,
  index: number,
  total: number,
  lastSeconds: number | undefined,
  report: Reporter,
): Promise<number> {
  const { name, doing, knownSeconds } = step;
  const since = Date.now();
  const elapsed = () => (Date.now() - since) / 1000;
  const show = () => {
    report.show(
      progressLine({ index, total, name, doing, elapsedSeconds: elapsed(), lastSeconds, knownSeconds }),
      name,
    );
  };
  const log = logFile(name);
  await rm(log, { force: true });
  show();
  const ticking = setInterval(show, 1000);
  try {
    await step.run(log);
  } catch (error) {
    report.clear();
    throw failed(step, error);
  } finally {
    clearInterval(ticking);
  }
  report.say(`[${index}/${total}] ${name}: done in ${clock(elapsed())}`);
  return elapsed();
}

function failed({ name, doing }: Step, error: unknown): unknown {
  if (!(error instanceof ToolchainError)) return error;
  return new ToolchainError(`${name}: ${doing} failed. ${error.message}`, { cause: error });
}

async function readTimes(): Promise<Partial<Record<string, number>>> {
  try {
    return JSON.parse(await readFile(timesFile(), "utf8")) as Partial<Record<string, number>>;
  } catch {
    return {};
  }
}
