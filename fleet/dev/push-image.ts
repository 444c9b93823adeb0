import { tryDocker } from "../../host/docker.ts";
import { buildArguments, digestOf, lastLinesOf } from "../../host/docker-build.ts";
import type { ImageBuild, Source } from "./source.ts";

/** How long a build or a push may take. */
const deadlineSeconds = 600;

/** A build or a push failed; the message has the last lines of what docker said. */
export class ImageError extends Error {
  override readonly name = "ImageError";
}

/**
 * Builds an image for several registries at once.
 *
 * @param registries what image names start with, such as `localhost:5080`
 * @throws ImageError
 */
export async function buildImage(
  { name }: Pick<Source, "name">,
  build: ImageBuild,
  registries: readonly string[],
  signal?: AbortSignal,
): Promise<void> {
  const names = registries.map((registry) => imageName(registry, name));
  await dockerWithTail(["build", ...buildArguments(build, names)], signal);
}

/**
 * Pushes an image that was built to a registry.
 *
 * @returns its name with its digest
 * @throws ImageError
 * @throws Error when docker knows no digest of it
 */
export async function pushImage(
  { name }: Pick<Source, "name">,
  registry: string,
  signal?: AbortSignal,
): Promise<string> {
  const image = imageName(registry, name);
  await dockerWithTail(["push", "--quiet", image], signal);
  const digests = await dockerWithTail(["image", "inspect", "--format", "{{json .RepoDigests}}", image], signal);
  return digestOf(image, JSON.parse(digests) as string[]);
}

const imageName = (registry: string, name: string) => `${registry}/${name}:latest`;

async function dockerWithTail(args: readonly string[], signal?: AbortSignal): Promise<string> {
  const { stdout, error } = await tryDocker(args, { signal, deadlineSeconds });
  if (error === undefined) return stdout;
  throw new ImageError(`docker ${args[0] ?? ""} failed:\n${lastLinesOf(error)}`);
}
