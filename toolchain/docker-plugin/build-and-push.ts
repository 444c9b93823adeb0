import { execa, ExecaError } from "execa";
import type { ImageInputs } from "./image-inputs.ts";

/** Builds the image, and pushes it unless told not to; gives its name by digest. */
export async function buildAndPush(inputs: ImageInputs, signal: AbortSignal): Promise<string> {
  await docker(buildArguments(inputs), signal);
  if (!inputs.skipPush) await docker(["push", inputs.imageName], signal);
  const format = inputs.skipPush ? "[{{json .Id}}]" : "{{json .RepoDigests}}";
  const found = JSON.parse(
    await docker(["image", "inspect", "--format", format, inputs.imageName], signal),
  ) as string[];
  if (inputs.skipPush) return found[0] ?? "";
  return digestOf(inputs.imageName, found);
}

/** The command line of the build. */
export function buildArguments({ imageName, build }: ImageInputs): string[] {
  return [
    "build",
    ...["--tag", imageName, "--file", build.dockerfile, "--platform", build.platform],
    ...(build.target === undefined ? [] : ["--target", build.target]),
    ...Object.entries(build.args).flatMap(([name, value]) => ["--build-arg", `${name}=${value}`]),
    build.context,
  ];
}

/** An image's name without its tag; a registry's port is no tag. */
export function repositoryOf(imageName: string): string {
  return imageName.replace(/:[^:/]+$/, "");
}

/** Of an image's digests, the one in the repository that it was pushed to. */
export function digestOf(imageName: string, digests: readonly string[]): string {
  const digest = digests.find((candidate) => candidate.startsWith(`${repositoryOf(imageName)}@`));
  if (digest !== undefined) return digest;
  throw new Error(`${imageName} was pushed, but Docker knows no digest of it, only ${JSON.stringify(digests)}.`);
}

async function docker(args: readonly string[], signal: AbortSignal): Promise<string> {
  try {
    const { stdout } = await execa("docker", args, { stdin: "ignore", all: true, cancelSignal: signal });
    return stdout;
  } catch (error) {
    if (!(error instanceof ExecaError)) throw error;
    const end = String(error.all).trimEnd().split("\n").slice(-20).join("\n");
    // Build arguments may be secret, so the command is named without them.
    throw new Error(`docker ${args[0] ?? ""} failed (docker plugin's stand-in):\n${end}`, { cause: error });
  }
}
