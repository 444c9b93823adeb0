/** The parts of an image's name. */
export interface ImageReference {
  /** Such as `docker.io`. */
  registry: string;
  /** The path in the registry, such as `library/registry`. */
  repository: string;
  /** @default none */
  tag?: string;
}

/** Takes an image's name apart in the way of the docker command: without a registry, it is one of Docker Hub. */
export function parseImageReference(name: string): ImageReference {
  const [withTag = ""] = name.split("@");
  const slash = withTag.indexOf("/");
  const first = withTag.slice(0, Math.max(slash, 0));
  const hasRegistry = first === "localhost" || /[.:]/.test(first);
  const rest = hasRegistry ? withTag.slice(slash + 1) : withTag;
  const [path = "", tag] = rest.split(":");
  const isOfficial = !hasRegistry && !path.includes("/");
  return {
    registry: hasRegistry ? first : "docker.io",
    repository: isOfficial ? `library/${path}` : path,
    tag,
  };
}

/** The name by which an image is pulled: from a mirror if its registry has one, and by its digest if that is known. */
export function pullName(name: string, digest: string | undefined, mirrors: Readonly<Record<string, string>>): string {
  const { registry, repository, tag } = parseImageReference(name);
  const mirror = mirrors[registry]?.replace(/^http:\/\//, "");
  const version = digest === undefined ? `:${tag ?? "latest"}` : `@${digest}`;
  if (mirror !== undefined) return `${mirror}/${repository}${version}`;
  return digest === undefined ? name : `${name.replace(/:[^:/]+$/, "")}${version}`;
}
