import { readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { type ImageBuild, imageBuild, mirrorName, planBuilds } from "../config/image-plan.ts";
import type { ServiceConfig } from "../config/service-config.ts";
import { baseImagesOf } from "../host/dockerfile.ts";
import { engineImage, pullIfAbsent } from "../infra/engine-images.ts";
import { images } from "../versions.ts";

/** An image that the stack builds, with what is known of the images that it builds on. */
export interface PlannedImage extends ImageBuild {
  /** @see ServiceImageArgs.baseImages */
  baseImages?: string | null;
}

/** The images that a stack builds and pushes, and which of them each service runs. */
export interface StackImages {
  all: PlannedImage[];
  /** The name of the image that a service runs; undefined: the nodes pull what `image` says. */
  nameFor: (service: ServiceConfig) => string | undefined;
  /** The name of the image under which the stack's registry has Skipper. @default the nodes hold it */
  skipper?: string;
}

/** The name of the identity service's image. Users' states hold it. */
export const identityImage = "identity";

const projectFolder = dirname(import.meta.dirname);
const mirrorContext = join(projectFolder, "infra", "mirror");

/** What {@link planImages} needs to know in addition to the services. */
export interface ImageSurroundings {
  /** The stack file's folder. */
  folder: string;
  /** The folder that the identity service's image is built from. */
  serviceContext: string;
  /** Images that exist already, and are served by the stack's registry: the engine has them. */
  mirrored?: readonly string[];
}

/** Which images a stack builds: the identity service's, each distinct build once, and those that the engine has. */
export function planImages(services: readonly ServiceConfig[], surroundings: ImageSurroundings): StackImages {
  const { folder, serviceContext, mirrored = [] } = surroundings;
  const identity = { name: identityImage, context: serviceContext, args: { BASE: images.serviceBase } };
  const mirrors = mirrored.map((reference) => ({
    name: mirrorName(reference),
    context: mirrorContext,
    args: { IMAGE: reference },
  }));
  return {
    all: [identity, ...planBuilds(services, folder), ...mirrors],
    nameFor: ({ build, image }) => {
      if (build !== undefined) return imageBuild(build, folder).name;
      if (image === undefined) return identityImage;
      return mirrored.includes(image) ? mirrorName(image) : undefined;
    },
    skipper: mirrored.includes(images.skipper) ? mirrorName(images.skipper) : undefined,
  };
}

/**
 * The images of a stack, with what the engine knows of them now.
 *
 * @param surroundings.nodesLackSkipper whether the nodes don't hold the image of Skipper
 * @param surroundings.mayPull whether images to build on may be pulled; not in a preview
 */
export async function resolveImages(
  services: readonly ServiceConfig[],
  surroundings: Omit<ImageSurroundings, "mirrored"> & { nodesLackSkipper: boolean; mayPull: boolean },
): Promise<StackImages> {
  const { nodesLackSkipper, mayPull } = surroundings;
  // An image that is named by its digest can't change, and is pulled from where its name says.
  const named = services.flatMap(({ image }) => (image === undefined || image.includes("@") ? [] : image));
  const wanted = [...new Set([...named, ...(nodesLackSkipper ? [images.skipper] : [])])];
  const present = await Promise.all(wanted.map(engineImage));
  const mirrored = wanted.filter((_, index) => present[index]);
  const plan = planImages(services, { ...surroundings, mirrored });
  const all = await Promise.all(
    plan.all.map(async (build) => ({ ...build, baseImages: await baseImagesNow(build, mayPull) })),
  );
  return { ...plan, all };
}

/** The ids of the images that a build starts from. */
async function baseImagesNow({ context, dockerfile, args }: ImageBuild, mayPull: boolean) {
  const text = await readFile(dockerfile ?? resolve(context, "Dockerfile"), "utf8");
  const references = baseImagesOf(text, args);
  const found = await Promise.all(references.map(mayPull ? pullIfAbsent : engineImage));
  if (references.length === 0) return undefined;
  if (found.includes(undefined)) return null;
  return found.map((image) => image?.id ?? "none").join(",");
}
