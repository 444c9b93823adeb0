import { type EngineInfo, engineInfo } from "../../host/engine-info.ts";
import { parseImageReference } from "../../host/image-reference.ts";
import { inspectMachine, type Machine } from "../core/machine.ts";
import { lastLines } from "../core/logged-command.ts";
import { mirrors } from "../core/mirrors.ts";
import { reachable } from "../core/reachable.ts";
import type { Reporter } from "../core/reporter.ts";
import type { Step } from "../core/steps.ts";
import { ToolchainError } from "../core/toolchain-error.ts";
import { stepsToMake } from "../go/artifact.ts";
import { missingGo } from "../go/required-go.ts";
import { existingImages } from "./existing-images.ts";
import { chooseImageSource, engineHasWay, urlOfRegistry } from "./image-source.ts";
import type { Image } from "./image.ts";
import { nodeImage } from "./node/node-image.ts";
import { pullImage } from "./pull-image.ts";
import { registryImage } from "./registry/registry-image.ts";
import { serviceBaseImage } from "./service-base/service-base-image.ts";
import { skipperImage } from "./skipper/skipper-image.ts";

/** What the engine is to have images for: clusters of its own, or only services on clusters that exist. */
export type ImagesFor = "clusters" | "services";

/** Every image that the engine always needs for that, the quickest to make first. */
export const imagesFor = (purpose: ImagesFor): Image[] =>
  purpose === "services"
    ? [serviceBaseImage(), skipperImage()]
    : [registryImage(), serviceBaseImage(), skipperImage(), nodeImage()];

/** How the images are obtained. */
export interface ImagePlan {
  steps: Step[];
  /** Why images are made here that others pull. */
  obstacles: string[];
}

/**
 * Plans how to get the images that the engine lacks.
 *
 * @param purpose what the engine is to have images for
 * @throws ToolchainError when an image can neither be pulled nor made on this machine
 */
export async function planImages(purpose: ImagesFor, report: Reporter): Promise<ImagePlan> {
  const images = imagesFor(purpose);
  const existing = await existingImages(images.map(({ name }) => name));
  const missing = images.filter(({ name, key }) => !isUsable(existing.get(name), key));
  if (missing.length === 0) return { steps: [], obstacles: [] };
  const machine = inspectMachine();
  // Whoever can't tell its ways has none of its own.
  const engine: EngineInfo = await engineInfo().catch(() => ({}));
  const plans = await Promise.all(missing.map((image) => planImage(image, machine, engine, report)));
  return { steps: plans.flatMap(({ steps }) => steps), obstacles: plans.flatMap(({ obstacles }) => obstacles) };
}

/** An image without a key was pulled, and is always right. */
const isUsable = (existingKey: string | undefined, key: string): boolean => existingKey === "" || existingKey === key;

async function planImage(image: Image, machine: Machine, engine: EngineInfo, report: Reporter): Promise<ImagePlan> {
  const { registry } = parseImageReference(image.name);
  const facts = { mirrored: registry in mirrors().images, engineHasWay: engineHasWay(engine, registry) };
  const asked = facts.mirrored || facts.engineHasWay ? undefined : await reachable(urlOfRegistry(registry));
  const unreachable = asked?.reachable === false ? asked.why : undefined;
  const source = chooseImageSource({ ...facts, unreachable }, obstacleTo(image, machine));
  const { name, pullBytes: bytes } = image;
  switch (source.from) {
    case "registry":
      return {
        steps: [{ name, doing: "pulling", bytes, run: (log, note) => pull(image, machine, log, note, report) }],
        obstacles: [],
      };
    case "here":
      return { steps: stepsToBuild(image, machine), obstacles: [`${registry} can't be used (${unreachable})`] };
    case "nowhere":
      throw new ToolchainError(
        `The image ${name} can't be had: ${registry} can't be used (${unreachable}), and ${source.why}.`,
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

async function pull(
  image: Image,
  machine: Machine,
  log: string,
  note: (text: string) => void,
  report: Reporter,
): Promise<void> {
  try {
    await pullImage(image, log, note);
  } catch (error) {
    if (obstacleTo(image, machine) !== undefined) throw error;
    report.say(`${image.name} could not be pulled. Making it here instead. Docker said:\n${lastLines(log, 3)}`);
    for (const step of stepsToBuild(image, machine)) await step.run(log, note);
  }
}
