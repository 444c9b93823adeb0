import { docker, engineUnreachable, tryDocker } from "../../host/docker.ts";

/** The repositories that stacks of earlier versions push. */
export const defaultImages: readonly string[] = ["identity"];

/** The tag that the stacks' own images have. */
const ownTag = "latest";

/** A name of an image on the engine. */
interface ImageName {
  id: string;
  repository: string;
  tag: string;
  digest: string;
}

/**
 * Removes the names of the images that a stack pushed to its registry from the engine, where they would pile up. Names
 * that others gave, under the same address too, stay.
 *
 * @param host the registry, such as `localhost:5080`
 * @param repositories what the stack pushed, such as `identity`
 */
export async function forgetImages(host: string, repositories: readonly string[]): Promise<void> {
  const listed: ImageName[] = [];
  for (const repository of repositories) {
    const format = "[{{json .ID}},{{json .Repository}},{{json .Tag}},{{json .Digest}}]";
    const lines = await docker(["images", "--digests", "--no-trunc", "--format", format, `${host}/${repository}`]);
    for (const line of lines.split("\n").filter(Boolean)) {
      const [id = "", name = "", tag = "", digest = ""] = JSON.parse(line) as string[];
      listed.push({ id, repository: name, tag, digest });
    }
  }
  const names = ownReferences(listed);
  if (names.length === 0) return;
  // Layers stay, since another stack may be building on them right now; so does an image that a container uses.
  const { error } = await tryDocker(["image", "rm", "--no-prune", ...names]);
  if (error !== undefined && engineUnreachable(error)) throw error;
}

/** The names that a stack gave: its own tag, and the digests of images that nobody gave another tag. */
export function ownReferences(names: readonly ImageName[]): string[] {
  const none = "<none>";
  const isTaggedByOthers = ({ id, repository }: ImageName) =>
    names.some((name) => name.id === id && name.repository === repository && ![ownTag, none].includes(name.tag));
  const references = names.flatMap((name) => {
    const { repository, tag, digest } = name;
    const byTag = tag === ownTag ? [`${repository}:${tag}`] : [];
    return digest === none || isTaggedByOthers(name) ? byTag : [...byTag, `${repository}@${digest}`];
  });
  return [...new Set(references)];
}
