import { tryDocker } from "../../host/docker.ts";
import type { ImageBuild, Source } from "./source.ts";

/** The last lines of a failed build that are shown. */
const shownLines = 20;

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
  await dockerWithTail(buildArguments(name, build, registries), signal);
}

/** The arguments of `docker build`. They are those of the Docker provider, so that both make the same image. */
export function buildArguments(name: string, build: ImageBuild, registries: readonly string[]): string[] {
  const { context, dockerfile, target, args = {}, platform } = build;
  const options = registries.map((registry) => `--tag=${imageName(registry, name)}`);
  if (dockerfile !== undefined) options.push(`--file=${dockerfile}`);
  if (platform !== undefined) options.push(`--platform=${platform}`);
  if (target !== undefined) options.push(`--target=${target}`);
  for (const [key, value] of Object.entries(args)) options.push(`--build-arg=${key}=${value}`);
  return ["build", ...options, context];
}

/**
 * Pushes an image that was built to a registry.
 *
 * @returns its name with its digest
 * @throws ImageError
 */
export async function pushImage(
  { name }: Pick<Source, "name">,
  registry: string,
  signal?: AbortSignal,
): Promise<string> {
  const image = imageName(registry, name);
  await dockerWithTail(["push", "--quiet", image], signal);
  const digests = await dockerWithTail(["image", "inspect", "--format", "{{json .RepoDigests}}", image], signal);
  const digest = (JSON.parse(digests) as string[]).find((candidate) => candidate.startsWith(`${registry}/${name}@`));
  if (digest === undefined) throw new ImageError(`${image} was pushed, but docker knows no digest of it: ${digests}`);
  return digest;
}

const imageName = (registry: string, name: string) => `${registry}/${name}:latest`;

async function dockerWithTail(args: readonly string[], signal?: AbortSignal): Promise<string> {
  const { stdout, error } = await tryDocker(args, { signal, deadlineSeconds });
  if (error === undefined) return stdout;
  const lines = error.output.trimEnd().split("\n").slice(-shownLines).join("\n");
  // Only the subcommand is named: build arguments may be secret.
  throw new ImageError(
    `docker ${args[0] ?? ""} failed:\n${lines || error.summary.replace(/^.*? (was|exited|E)/, "$1")}`,
  );
}
