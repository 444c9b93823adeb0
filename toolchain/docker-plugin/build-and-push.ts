import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { engineAddress, tryDocker } from "../../host/docker.ts";
import { buildArguments, digestOf, lastLinesOf } from "../../host/docker-build.ts";
import { basicCredentials } from "../../host/netrc.ts";
import { inTemporaryFolder } from "../../host/temporary-folder.ts";
import type { ImageInputs, RegistryLogin } from "./image-inputs.ts";

/**
 * Builds the image, and pushes it unless `skipPush` is set.
 *
 * @returns the image's name with its digest; its id when it was not pushed
 */
export async function buildAndPush(inputs: ImageInputs, signal: AbortSignal): Promise<string> {
  const { imageName } = inputs;
  await buildOnce(inputs, signal);
  if (!inputs.skipPush) {
    await withLogin(inputs.registry, (env) => dockerWithTail(["push", imageName], signal, env));
  }
  const format = inputs.skipPush ? "[{{json .Id}}]" : "{{json .RepoDigests}}";
  const listed = await dockerWithTail(["image", "inspect", "--format", format, imageName], signal);
  const found = JSON.parse(listed) as string[];
  return inputs.skipPush ? (found[0] ?? "") : digestOf(imageName, found);
}

/** The ids of the images that this process has built, or is building, by what they are built from. */
const built = new Map<string, Promise<string>>();

/** Builds an image, or names the one that another stack has had built from the same. */
async function buildOnce(inputs: ImageInputs, signal: AbortSignal): Promise<void> {
  const source = JSON.stringify(inputs.build);
  const same = built.get(source);
  const building = same === undefined ? build(inputs, signal) : nameOrBuild(same, inputs, signal);
  built.set(source, building);
  try {
    await building;
  } catch (error) {
    // Another try builds it again.
    if (built.get(source) === building) built.delete(source);
    throw error;
  }
}

/** @returns the image's id */
async function build({ imageName, build }: ImageInputs, signal: AbortSignal): Promise<string> {
  // Without --force-rm, the legacy builder leaves the container of a step that failed.
  await dockerWithTail(["build", "--force-rm", ...buildArguments(build, [imageName])], signal);
  const format = "{{.Id}} {{.Os}}/{{.Architecture}}";
  const found = await dockerWithTail(["image", "inspect", "--format", format, imageName], signal);
  const [id = "", platform = ""] = found.split(" ");
  refuseOtherPlatform(imageName, build.platform, platform);
  return id;
}

async function nameOrBuild(same: Promise<string>, inputs: ImageInputs, signal: AbortSignal): Promise<string> {
  const id = await same.catch(() => undefined);
  // The engine may have lost it meanwhile.
  const isNamed = id !== undefined && (await tryDocker(["tag", id, inputs.imageName], { signal })).error === undefined;
  return isNamed ? id : build(inputs, signal);
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
  JSON.stringify({ auths: { [server]: { auth: basicCredentials({ user: username, password }) } } });

/** Other names of processors, by those that images have. */
const otherNames: Record<string, string> = { aarch64: "arm64", i386: "386" };

/**
 * Refuses an image that is not for the platform that was asked for. The legacy builder takes what it builds on as it is
 * on this machine, and the official plugin's builder does not.
 *
 * @throws Error
 */
export function refuseOtherPlatform(imageName: string, asked: string, is: string): void {
  const [system = "", processor = ""] = asked.split("/");
  if (is === `${system}/${otherNames[processor] ?? processor}`) return;
  throw new Error(
    `${imageName} was built for ${is}, not for ${asked} as build.platform says, and is not pushed ` +
      `(docker plugin's stand-in): what it builds on is on this engine for ${is}. Pull it for ${asked}, or set another ` +
      "platform.",
  );
}

/** Runs the docker command without a deadline. Its failure has the last lines of its output. */
async function dockerWithTail(
  args: readonly string[],
  signal: AbortSignal,
  env?: Record<string, string>,
): Promise<string> {
  const { stdout, error } = await tryDocker(args, { signal, deadlineSeconds: Infinity, env });
  if (error === undefined) return stdout;
  // Only the subcommand is named: build arguments may be secret.
  const message = `docker ${args[0] ?? ""} failed (docker plugin's stand-in):\n${lastLinesOf(error)}`;
  throw new Error(message, { cause: error });
}
