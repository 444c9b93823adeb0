import type { LostImage } from "./drift.ts";

/** The media types of a manifest. A registry answers 404 for one of a type that is not asked for. */
const manifestTypes = [
  "application/vnd.docker.distribution.manifest.v2+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.oci.image.index.v1+json",
];

/** The images that their registry, on this host's loopback, no longer has. One that does not answer has lost none. */
export async function lostImages(pushed: readonly LostImage[]): Promise<LostImage[]> {
  const lost = await Promise.all(pushed.map(({ reference }) => isLost(reference)));
  return pushed.filter((_, index) => lost[index]);
}

async function isLost(reference: string): Promise<boolean> {
  try {
    const headers = { accept: manifestTypes.join(", ") };
    const answer = await fetch(manifestUrl(reference), { method: "HEAD", headers, signal: AbortSignal.timeout(5000) });
    return answer.status === 404;
  } catch {
    return false;
  }
}

/** Where a registry has the manifest of an image that is named by digest. @see https://distribution.github.io/distribution/spec/api/ */
export function manifestUrl(reference: string): string {
  const [name = "", digest = ""] = reference.split("@");
  const slash = name.indexOf("/");
  const host = name.slice(0, slash).replace(/^localhost(?=:|$)/, "127.0.0.1");
  return `http://${host}/v2/${name.slice(slash + 1)}/manifests/${digest}`;
}
