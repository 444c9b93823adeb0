import { join } from "node:path";
import { withCacheLock } from "./core/cache-lock.ts";
import type { Reporter } from "./core/reporter.ts";
import { runSteps } from "./core/steps.ts";
import { ensureAnsweringEngine } from "./engine/ensure-engine.ts";
import { planImages } from "./images/plan-images.ts";
import { type Artifact, built, stepsToMake } from "./go/artifact.ts";
import { binaries } from "./go/programs.ts";
import { slowhttptest } from "./tools/debian-package.ts";
import { inspectMachine } from "./core/machine.ts";
import { planTools } from "./tools/plan-tools.ts";

export { ToolchainError } from "./core/toolchain-error.ts";
export { socketOfContext } from "./engine/probe.ts";
export { reportTo } from "./core/reporter.ts";
export type { Reporter } from "./core/reporter.ts";

/** Where the tools are. */
export interface Tools {
  /** A folder with pulumi, its language host and dynamic provider launcher, kind and kubectl. */
  bin: string;
  /** The folder to give to Pulumi as PULUMI_HOME; its plugins are in `plugins/`. */
  home: string;
}

/** What every part of the toolchain is told. */
export interface Options {
  report: Reporter;
}

/** What the tools are told beside that. */
export interface ToolOptions extends Options {
  /** A folder of the checkout's own that becomes PULUMI_HOME. */
  home: string;
}

/** Gets all that clusters need: the engine first, since without it nothing else is of use. */
export async function ensureToolchain({ home, report }: ToolOptions): Promise<Tools> {
  await ensureEngine({ report });
  const [toolsPlan, imageSteps] = await Promise.all([planTools(home, report), planImages(report)]);
  if (toolsPlan !== undefined || imageSteps.length > 0) {
    await withCacheLock("getting tools and images", report, async () => {
      // Another process may have done it meanwhile, so the plans are made anew.
      const tools = await planTools(home, report);
      await runSteps([...(tools?.steps ?? []), ...(await planImages(report))], report);
      await tools?.finish();
    });
  }
  return toolsIn(home);
}

/** Gets the command line tools and Pulumi's plugins. */
export async function ensureTools({ home, report }: ToolOptions): Promise<Tools> {
  if (await planTools(home, report)) {
    await withCacheLock("getting tools", report, async () => {
      const plan = await planTools(home, report);
      await runSteps(plan?.steps ?? [], report);
      await plan?.finish();
    });
  }
  return toolsIn(home);
}

/** Sees to it that a Docker engine answers. */
export async function ensureEngine({ report }: Options): Promise<void> {
  await ensureAnsweringEngine(report);
}

/** Gets the images that clusters are made of, into the engine that answers. */
export async function ensureImages({ report }: Options): Promise<void> {
  if ((await planImages(report)).length === 0) return;
  await withCacheLock("getting images", report, async () => runSteps(await planImages(report), report));
}

/** What only tests need: their executables' paths. */
export interface TestTools {
  /** Judge manifests. */
  kubeconform: string;
  kubeScore: string;
  /** Makes load; for a pod, so always a Linux program. */
  vegeta: string;
  /** Makes slow clients; for this machine. */
  slowhttptest: string;
}

/** Gets some of the tests' tools. */
export async function ensureTestTools<Name extends keyof TestTools>(
  names: readonly Name[],
  { report }: Options,
): Promise<Pick<TestTools, Name>> {
  const artifacts = names.map((name) => testTools[name]());
  const steps = () => stepsToMake(artifacts, inspectMachine().go);
  if (steps().length > 0) await withCacheLock("getting the tests' tools", report, () => runSteps(steps(), report));
  return Object.fromEntries(names.map((name, index) => [name, artifacts[index]?.file])) as Pick<TestTools, Name>;
}

const testTools: Record<keyof TestTools, () => Artifact> = {
  kubeconform: () => built(binaries.kubeconform),
  kubeScore: () => built(binaries.kubeScore),
  vegeta: () => built(binaries.vegeta),
  slowhttptest,
};

const toolsIn = (home: string): Tools => ({ bin: join(home, "bin"), home });
