import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { engineAddress, tryDocker } from "../../host/docker.ts";
import { inTemporaryFolder } from "../../host/temporary-folder.ts";
import type { ImageInputs, RegistryLogin } from "./image-inputs.ts";

/**
 * Builds the image, and pushes it unless `skipPush` is set.
 *
 * @returns the image's name with its digest; its id when it was not pushed
 */
export async function buildAndPush(inputs: ImageInputs, signal: AbortSignal): Promise<string> {
  await buildOnce(inputs, signal);
  if (!inputs.skipPush) {
    await withLogin(inputs.registry, (env) => dockerWithTail(["push", inputs.imageName], signal, env));
  }
  const format = inputs.skipPush ? "[{{json .Id}}]" : "{{json .RepoDigests}}";
  const listed = await dockerWithTail(["image", "inspect", "--format", format, inputs.imageName], signal);
  const found = JSON.parse(listed) as string[];
  return inputs.skipPush ? (found[0] ?? "") : digestOf(inputs.imageName, found);
}

/** The images that this process has built, or is building, by what they are built from. */
const built = new Map<string, Promise<string>>();

/** Builds an image, or names the one that another stack has had built from the same. */
async function buildOnce(inputs: ImageInputs, signal: AbortSignal): Promise<void> {
  const source = JSON.stringify(inputs.build);
  const same = built.get(source);
  const building = (same === undefined ? build(inputs, signal) : nameOrBuild(same, inputs, signal)).then(
    () => inputs.imageName,
  );
  built.set(source, building);
  try {
    await building;
  } catch (error) {
    // Another try builds it again.
    if (built.get(source) === building) built.delete(source);
    throw error;
  }
}

const build = (inputs: ImageInputs, signal: AbortSignal): Promise<string> =>
  dockerWithTail(buildArguments(inputs), signal);

async function nameOrBuild(same: Promise<string>, inputs: ImageInputs, signal: AbortSignal): Promise<unknown> {
  // The engine may have lost it meanwhile.
  const { error } = await tryDocker(["tag", await same, inputs.imageName], { signal });
  return error && build(inputs, signal);
}

/**
 * Does some work with a login of a stack's own: in a folder of settings that has no other, so that nothing of it stays,
 * and the user's own login is not asked.
 */
async function withLogin<T>(
  login: RegistryLogin | undefined,
  work: (env: Record<string, string>) => Promise<T>,
): Promise<T> {
  if (login === undefined) return work({});
  // The settings also say which engine the user has chosen.
  const engine = await engineAddress();
  return inTemporaryFolder("docker-login-", async (folder) => {
    const file = join(folder, "config.json");
    await writeFile(file, loginSettings(login), { mode: 0o600 });
    return work({ DOCKER_CONFIG: folder, ...(engine === "" ? undefined : { DOCKER_HOST: engine }) });
  });
}

/** The docker command's settings with one login. */
export const loginSettings = ({ server, username, password }: RegistryLogin): string =>
  JSON.stringify({ auths: { [server]: { auth: Buffer.from(`${username}:${password}`).toString("base64") } } });

/** The arguments by which the docker command builds the image. */
export function buildArguments({ imageName, build }: ImageInputs): string[] {
  // Without --force-rm, the legacy builder leaves the container of a step that failed.
  const options = ["--force-rm", "--tag", imageName, "--file", build.dockerfile, "--platform", build.platform];
  if (build.target !== undefined) options.push("--target", build.target);
  for (const [name, value] of Object.entries(build.args)) options.push("--build-arg", `${name}=${value}`);
  return ["build", ...options, build.context];
}

/** An image's name without its tag. The number after a registry's colon is its port, not a tag. */
export function repositoryOf(imageName: string): string {
  return imageName.replace(/:[^:/]+$/, "");
}

/** Finds an image's digest in the repository that it was pushed to. @throws Error when there is none */
export function digestOf(imageName: string, digests: readonly string[]): string {
  const digest = digests.find((candidate) => candidate.startsWith(`${repositoryOf(imageName)}@`));
  if (digest !== undefined) return digest;
  throw new Error(`${imageName} was pushed, but Docker knows no digest of it, only ${JSON.stringify(digests)}.`);
}

/** Runs the docker command without a deadline. Its failure has the last lines of its output. */
async function dockerWithTail(
  args: readonly string[],
  signal: AbortSignal,
  env?: Record<string, string>,
): Promise<string> {
  const { stdout, error } = await tryDocker(args, { signal, deadlineSeconds: Infinity, env });
  if (error === undefined) return stdout;
  const lastLines = withoutAdvice(error.output).trimEnd().split("\n").slice(-20).join("\n");
  // Only the subcommand is named: build arguments may be secret.
  throw new Error(`docker ${args[0] ?? ""} failed (docker plugin's stand-in):\n${lastLines}`, { cause: error });
}

/** What a builder printed, without its advice to install another builder, which explains no failure. */
export const withoutAdvice = (output: string): string =>
  output.replace(/^DEPRECATED: The legacy builder[^\n]*\n(?:[ \t]+[^\n]*\n)*\n?/m, "");
