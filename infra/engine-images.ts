import { docker, tryDocker, unlessUnreachable } from "../host/docker.ts";
import { whileUnderWay } from "../host/while-under-way.ts";
import type { ImageFacts } from "./image-fitness.ts";

/** An image that the Docker engine has. */
export interface EngineImage extends ImageFacts {
  /** `sha256:…`; another one under the same tag has another. */
  id: string;
}

/** The part of `docker image inspect` that is read here. */
interface InspectedImage {
  Id: string;
  Os: string;
  Architecture: string;
  Config: { User?: string } | null;
}

/**
 * The image of that name in the engine; null when the engine lacks it, undefined when no engine answers.
 *
 * Several builds may start from the same one.
 */
export const engineImage = whileUnderWay((reference) => unlessUnreachable(inspect(reference)));

async function inspect(reference: string): Promise<EngineImage | null> {
  const { stdout, error } = await tryDocker(["image", "inspect", reference]);
  if (error !== undefined && /no such image/i.test(error.stderr)) return null;
  if (error !== undefined) throw error;
  const [found] = JSON.parse(stdout) as InspectedImage[];
  if (found === undefined) return null;
  return { id: found.Id, platform: `${found.Os}/${found.Architecture}`, user: found.Config?.User ?? "" };
}

/** The platform of containers on the engine, such as `linux/amd64`; undefined when no engine answers. */
export const enginePlatform = (): Promise<string | undefined> =>
  unlessUnreachable(docker(["version", "--format", "{{.Server.Os}}/{{.Server.Arch}}"]));

/** How long pulling an image that a build starts from may take. */
const pullDeadlineSeconds = 600;

/** Has the engine pull an image that it lacks. If it can't, whoever needs the image says so. */
export const pullIfAbsent = whileUnderWay(async (reference) => {
  const present = await engineImage(reference);
  if (present !== null) return present;
  await tryDocker(["pull", "--quiet", reference], { deadlineSeconds: pullDeadlineSeconds });
  return engineImage(reference);
});
