import { existsSync } from "node:fs";
import { type EngineInfo, engineInfo } from "../../host/engine-info.ts";
import { registryOfMirror } from "../../host/mirrors.ts";
import { waitUntil } from "../../host/wait.ts";
import { announcement } from "../core/announcement.ts";
import { withCacheLock } from "../core/cache-lock.ts";
import { runLogged } from "../core/logged-command.ts";
import { inspectMachine, type Machine, which } from "../core/machine.ts";
import { mirrors } from "../core/mirrors.ts";
import { cacheRoot } from "../core/paths.ts";
import type { Reporter } from "../core/reporter.ts";
import { runSteps, type Step } from "../core/steps.ts";
import { ToolchainError } from "../core/toolchain-error.ts";
import { built, stepsToMake } from "../go/artifact.ts";
import { programs } from "../go/programs.ts";
import { lacksSysResource } from "./capabilities.ts";
import { findMissingHelper } from "./credential-helpers.ts";
import { engineAdvice, engineProblem, isOfThisKernel } from "./engine-problem.ts";
import { clearLeftovers } from "./leftovers.ts";
import { copyRuntime, installRuntime, lostRuntime } from "./oci-runtime.ts";
import { probeEngine } from "./probe.ts";
import { chooseRemedy, type Remedy } from "./remedy.ts";
import { installEngine, startEngine } from "./start-engine.ts";
import { raiseWatchLimits, readWatchLimits, watchLimitAdvice } from "./watch-limits.ts";

const serviceDeadlineSeconds = 30;

/**
 * Starts a Docker engine where none answers, and installs it first if need be. Then looks at what the engine, and the
 * docker command's settings, lack.
 *
 * @returns what the engine says about itself
 * @throws ToolchainError when only the user can start one, or it can't be used; the message says what to do
 */
export async function ensureEngine({ report }: { report: Reporter }): Promise<EngineInfo | undefined> {
  if (!(await probeEngine()).answers) await startMissingEngine(report);
  const info = await engineInfo().catch(() => undefined);
  if (info !== undefined) await examine(info, report);
  return info;
}

async function startMissingEngine(report: Reporter): Promise<void> {
  await withCacheLock("starting the Docker engine", report, async () => {
    const answer = await probeEngine();
    if (answer.answers) return;
    const machine = inspectMachine();
    const dockerd = which("dockerd") !== undefined && answer.because !== "no docker command";
    const systemd = existsSync("/run/systemd/system");
    const remedy = chooseRemedy(answer, { machine, dockerd, systemd, dockerHost: process.env.DOCKER_HOST });
    const steps = stepsFor(remedy, machine);
    for (const line of announcement(steps, [], cacheRoot())) report.say(line);
    await runSteps(steps, report);
  });
}

async function examine(info: EngineInfo, report: Reporter): Promise<void> {
  const problem = engineProblem(info) ?? findMissingHelper([...registries, ...mirrorRegistries()]);
  if (problem !== undefined) throw new ToolchainError(problem);
  const lost = lostRuntime(info);
  if (lost !== undefined && inspectMachine().root) await restoreRuntime(lost, report);
  const limits = isOfThisKernel(info) ? readWatchLimits() : undefined;
  const advice = [engineAdvice(info), limits && watchLimitAdvice(limits)];
  for (const line of advice) if (line !== undefined) report.say(line);
}

/** The registries that the docker command pulls from and pushes to, as its settings name them. */
const registries = ["https://index.docker.io/v1/", "gcr.io", "ghcr.io", "localhost"];

/** Those that stand in place of them. */
const mirrorRegistries = () => Object.values(mirrors().images).map(registryOfMirror);

/** Puts our OCI runtime back to where the running engine looks for it, as it can start no container without. */
async function restoreRuntime(path: string, report: Reporter): Promise<void> {
  await withCacheLock("restoring the OCI runtime", report, async () => {
    const runtime = built(programs.ociRuntime);
    await runSteps(stepsToMake([runtime], inspectMachine().go), report);
    await copyRuntime(runtime.file, path);
  });
}

function stepsFor(remedy: Remedy, machine: Machine): Step[] {
  switch (remedy.by) {
    case "the user":
      throw new ToolchainError(remedy.message);
    case "service":
      return [{ name: "docker", doing: "starting the service", run: startService }];
    case "starting":
      return stepsToStart(remedy.install, machine);
  }
}

/** What Debian's package of the engine is, with those that it needs. */
const packageBytes = 70e6;

function stepsToStart(install: boolean, machine: Machine): Step[] {
  const steps: Step[] = [];
  if (install)
    steps.push({ name: "docker.io", doing: "installing", bytes: packageBytes, knownSeconds: 30, run: installEngine });
  const runtime = lacksSysResource() ? built(programs.ociRuntime) : undefined;
  if (runtime) steps.push(...stepsToMake([runtime], machine.go));
  steps.push({ name: "dockerd", doing: "starting", knownSeconds: 5, run: () => startUnlessRunning(runtime?.file) });
  return steps;
}

async function startService(log: string): Promise<void> {
  await runLogged("systemctl", ["start", "docker"], { log });
  const answers = async () => (await probeEngine()).answers;
  if (await waitUntil(answers, serviceDeadlineSeconds, { longestPauseMilliseconds: 200 })) return;
  throw new ToolchainError("The docker service was started, but no engine answers. See `journalctl -u docker`.");
}

async function startUnlessRunning(runtime: string | undefined): Promise<void> {
  raiseWatchLimits();
  if (await clearLeftovers()) return;
  await startEngine(runtime === undefined ? undefined : await installRuntime(runtime));
}
