import { dockerLogged } from "../core/logged-command.ts";
import { inspectMachine, type Machine } from "../core/machine.ts";
import { reachable } from "../core/reachable.ts";
import type { Reporter } from "../core/reporter.ts";
import type { Step } from "../core/steps.ts";
import { ToolchainError } from "../core/toolchain-error.ts";
import { stepsToMake } from "../go/artifact.ts";
import { missingGo } from "../go/required-go.ts";
import { existingImages } from "./existing-images.ts";
import { chooseImageSource } from "./image-source.ts";
import type { Image } from "./image.ts";
import { nodeImage } from "./node/node-image.ts";
import { registryImage } from "./registry/registry-image.ts";
import { serviceBaseImage } from "./service-base/service-base-image.ts";

/** Every image that the engine needs for clusters, the quickest to make first. */
export const allImages = (): Image[] => [registryImage(), serviceBaseImage(), nodeImage()];

/**
 * The steps that get the images which the engine lacks.
 *
 * @throws ToolchainError when an image can neither be pulled nor made on this machine
 */
export async function planImages(report: Reporter): Promise<Step[]> {
  const images = allImages();
  const existing = await existingImages(images.map(({ name }) => name));
  const missing = images.filter(({ name, key }) => !isUsable(existing.get(name), key));
  const machine = inspectMachine();
  const steps = await Promise.all(missing.map((image) => stepsFor(image, machine, report)));
  return steps.flat();
}

/** An image without a key was pulled, and is always right. */
const isUsable = (existingKey: string | undefined, key: string): boolean => existingKey === "" || existingKey === key;

async function stepsFor(image: Image, machine: Machine, report: Reporter): Promise<Step[]> {
  const source = chooseImageSource(await reachable(image.registry), obstacleTo(image, machine));
  switch (source.from) {
    case "registry":
      return [{ name: image.name, doing: "pulling", run: (log) => pull(image, machine, log, report) }];
    case "here":
      return stepsToBuild(image, machine);
    case "nowhere":
      throw new ToolchainError(
        `The image ${image.name} can't be had: its registry can't be reached, and ${source.why}.`,
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
  const lacksGo = image.artifacts.length > 0 && machine.go === undefined;
  return image.obstacle(machine) ?? (lacksGo ? missingGo("it") : undefined);
}

async function pull(image: Image, machine: Machine, log: string, report: Reporter): Promise<void> {
  try {
    await dockerLogged(["pull", image.name], { log });
  } catch (error) {
    if (obstacleTo(image, machine) !== undefined) throw error;
    report.say(`${image.name} could not be pulled (see ${log}). Making it here instead.`);
    for (const step of stepsToBuild(image, machine)) await step.run(log);
  }
}
