import { join } from "node:path";
import { announcement } from "./core/announcement.ts";
import { withCacheLock } from "./core/cache-lock.ts";
import { refuseFullDisk } from "./core/disk-space.ts";
import { inspectMachine } from "./core/machine.ts";
import type { Reporter } from "./core/reporter.ts";
import { cacheRoot } from "./core/paths.ts";
import { runSteps, type Step } from "./core/steps.ts";
import { isOfThisKernel } from "./engine/engine-problem.ts";
import { ensureEngine } from "./engine/ensure-engine.ts";
import { type Artifact, built, stepsToMake } from "./go/artifact.ts";
import { programs } from "./go/programs.ts";
import { type ImagesFor, planImages } from "./images/plan-images.ts";
import { slowhttptest } from "./tools/debian-package.ts";
import { planTools } from "./tools/plan-tools.ts";

/** Where the tools are. */
export interface Tools {
  /** A folder with pulumi, its language host and dynamic provider launcher, kind and kubectl. */
  bin: string;
  /** The folder for Pulumi's PULUMI_HOME; its plugins are in `plugins/`. */
  home: string;
}

/** Options of every ensure function. */
export interface EnsureOptions {
  /** Where progress is reported. */
  report: Reporter;
}

/** Options of those that get the tools. */
export interface EnsureToolsOptions extends EnsureOptions {
  /** A folder of this checkout, which becomes PULUMI_HOME. */
  home: string;
}

/** Options of {@link ensureToolchain}. */
export interface EnsureToolchainOptions extends EnsureToolsOptions {
  /** What the engine is to have images for. @default clusters */
  imagesFor?: ImagesFor;
}

/**
 * Gets everything that clusters need: the engine first, since the rest is useless without it, then tools and images. A
 * tool that can't be had, or has no room, is told before an engine is installed.
 *
 * @throws ToolchainError
 */
export async function ensureToolchain({
  home,
  report,
  imagesFor = "clusters",
}: EnsureToolchainOptions): Promise<Tools> {
  const toolPlan = await planTools(home, report);
  await refuseFullDisk(toolPlan?.steps ?? []);
  const engine = await ensureEngine({ report });
  const engineFolder = engine && isOfThisKernel(engine) ? engine.DockerRootDir : undefined;
  const imagePlan = await planImages(imagesFor, report);
  if (toolPlan !== undefined || imagePlan.steps.length > 0) {
    await withCacheLock("getting tools and images", report, async () => {
      // Another process may have got them while this one waited for the lock, so the plans are made again.
      const plan = await planTools(home, report);
      const images = await planImages(imagesFor, report);
      const steps = [...(plan?.steps ?? []), ...images.steps];
      await announceAndRun(steps, [...(plan?.obstacles ?? []), ...images.obstacles], report, engineFolder);
      await plan?.finish();
    });
  }
  return toolsIn(home);
}

/**
 * Gets the command line tools and Pulumi's plugins.
 *
 * @throws ToolchainError
 */
export async function ensureTools({ home, report }: EnsureToolsOptions): Promise<Tools> {
  if (await planTools(home, report)) {
    await withCacheLock("getting tools", report, async () => {
      const plan = await planTools(home, report);
      await announceAndRun(plan?.steps ?? [], plan?.obstacles ?? [], report);
      await plan?.finish();
    });
  }
  return toolsIn(home);
}

async function announceAndRun(
  steps: readonly Step[],
  obstacles: readonly string[],
  report: Reporter,
  engineFolder?: string,
): Promise<void> {
  await refuseFullDisk(steps, engineFolder);
  for (const line of announcement(steps, obstacles, cacheRoot())) report.say(line);
  await runSteps(steps, report);
}

/** Programs that only tests need, by their paths. */
export interface TestTools {
  /** Checks manifests against Kubernetes' schemas. */
  kubeconform: string;
  /** Checks manifests against good practice. */
  kubeScore: string;
  /** Generates load. Runs in a pod, so it is always a Linux program. */
  vegeta: string;
  /** Imitates slow clients. Runs on this machine. */
  slowhttptest: string;
  /** Serves a folder as S3 does. Runs on this machine. */
  versitygw: string;
}

/**
 * Gets some of the tests' tools.
 *
 * @throws ToolchainError
 */
export async function ensureTestTools<Name extends keyof TestTools>(
  names: readonly Name[],
  { report }: EnsureOptions,
): Promise<Pick<TestTools, Name>> {
  const artifacts = names.map((name) => testTools[name]());
  const steps = () => stepsToMake(artifacts, inspectMachine().go);
  if (steps().length > 0) await withCacheLock("getting the tests' tools", report, () => runSteps(steps(), report));
  return Object.fromEntries(names.map((name, index) => [name, artifacts[index]?.file])) as Pick<TestTools, Name>;
}

const testTools: Record<keyof TestTools, () => Artifact> = {
  kubeconform: () => built(programs.kubeconform),
  kubeScore: () => built(programs.kubeScore),
  vegeta: () => built(programs.vegeta),
  slowhttptest,
  versitygw: () => built(programs.versitygw),
};

const toolsIn = (home: string): Tools => ({ bin: join(home, "bin"), home });
