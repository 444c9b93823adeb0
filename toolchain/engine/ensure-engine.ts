import { existsSync } from "node:fs";
import { run } from "../core/command.ts";
import { ToolchainError } from "../core/toolchain-error.ts";
import { withCacheLock } from "../core/cache-lock.ts";
import { inspectMachine, which } from "../core/machine.ts";
import type { Machine } from "../core/machine.ts";
import type { Reporter } from "../core/reporter.ts";
import { runSteps } from "../core/steps.ts";
import type { Step } from "../core/steps.ts";
import { built, stepsToMake } from "../go/artifact.ts";
import { binaries } from "../go/programs.ts";
import { askEngine } from "./probe.ts";
import { lacksResourceRight } from "./capabilities.ts";
import { chooseRemedy } from "./remedy.ts";
import type { Remedy } from "./remedy.ts";
import { clearLeftovers } from "./leftovers.ts";
import { waitUntil } from "./pid-file.ts";
import { installEngine, raiseWatchLimits, startEngine } from "./start-engine.ts";

/** Sees to it that a Docker engine answers: starts one where none does, and where that is ours to do. */
export async function ensureAnsweringEngine(report: Reporter): Promise<void> {
  if ((await askEngine()).answers) return;
  await withCacheLock("starting the Docker engine", report, async () => {
    const answer = await askEngine();
    if (answer.answers) return;
    const machine = inspectMachine();
    const dockerd = which("dockerd") !== undefined && answer.because !== "no docker command";
    const systemd = existsSync("/run/systemd/system");
    const remedy = chooseRemedy(answer, { machine, dockerd, systemd, dockerHost: process.env["DOCKER_HOST"] });
    await runSteps(stepsFor(remedy, machine), report);
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

function stepsToStart(install: boolean, machine: Machine): Step[] {
  const runtime = lacksResourceRight() ? built(binaries.ociRuntime) : undefined;
  const installing: Step = { name: "docker.io", doing: "installing", knownSeconds: 30, run: installEngine };
  const starting: Step = { name: "dockerd", doing: "starting", knownSeconds: 5, run: () => start(runtime?.file) };
  return [...(install ? [installing] : []), ...(runtime ? stepsToMake([runtime], machine.go) : []), starting];
}

async function startService(log: string): Promise<void> {
  await run("systemctl", ["start", "docker"], { log });
  if (await waitUntil(async () => (await askEngine()).answers, 30_000)) return;
  throw new ToolchainError("The docker service was started, but no engine answers. See `journalctl -u docker`.");
}

async function start(runtime: string | undefined): Promise<void> {
  raiseWatchLimits();
  if (await clearLeftovers()) return;
  await startEngine(runtime);
}
