import { ToolchainError } from "../core/toolchain-error.ts";
import { inspectMachine } from "../core/machine.ts";
import type { Machine } from "../core/machine.ts";
import { run } from "../core/command.ts";
import { reachable } from "../core/reachable.ts";
import type { Reporter } from "../core/reporter.ts";
import type { Step } from "../core/steps.ts";
import { missingGo, stepsToMake } from "../go/artifact.ts";
import { chooseImage } from "./image-source.ts";
import type { Image } from "./image.ts";
import { existingKeys } from "./existing-images.ts";
import { nodeImage } from "./node/node-image.ts";
import { registryImage } from "./registry/registry-image.ts";
import { serviceBaseImage } from "./service-base/service-base-image.ts";

/** Every image, in the order in which they are of use. */
export const allImages = (): Image[] => [registryImage(), serviceBaseImage(), nodeImage()];

/** The work that is left to have the images; none where the engine has them all. */
export async function planImages(report: Reporter): Promise<Step[]> {
  const images = allImages();
  const existing = await existingKeys(images.map(({ name }) => name));
  const missing = images.filter(({ name, key }) => !isGood(existing.get(name), key));
  const machine = inspectMachine();
  const steps = await Promise.all(missing.map((image) => stepsFor(image, machine, report)));
  return steps.flat();
}

/** One that carries no key was not made here, and is the project's own. */
const isGood = (existing: string | undefined, key: string): boolean => existing === "" || existing === key;

async function stepsFor(image: Image, machine: Machine, report: Reporter): Promise<Step[]> {
  const choice = chooseImage(await reachable(image.registry), obstacleTo(image, machine));
  switch (choice.from) {
    case "registry":
      return [{ name: image.name, doing: "pulling", run: (log) => pull(image, machine, log, report) }];
    case "here":
      return stepsToBuild(image, machine);
    case "nowhere":
      throw new ToolchainError(
        `The image ${image.name} can't be had: its registry can't be reached, and ${choice.why}.`,
      );
  }
}

function stepsToBuild(image: Image, machine: Machine): Step[] {
  const { name, knownSeconds, artifacts } = image;
  return [
    ...stepsToMake(artifacts, machine.go),
    { name, doing: "making the image", knownSeconds, run: (log) => image.make(machine, log) },
  ];
}

function obstacleTo(image: Image, machine: Machine): string | undefined {
  const needsGo = image.artifacts.length > 0 && machine.go === undefined;
  return image.obstacle(machine) ?? (needsGo ? missingGo("it") : undefined);
}

async function pull(image: Image, machine: Machine, log: string, report: Reporter): Promise<void> {
  try {
    await run("docker", ["pull", image.name], { log });
  } catch (error) {
    const obstacle = obstacleTo(image, machine);
    if (obstacle !== undefined) throw error;
    report.say(`${image.name} could not be pulled (see ${log}). Making it here instead.`);
    for (const step of stepsToBuild(image, machine)) await step.run(log);
  }
}
