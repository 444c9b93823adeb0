import { readFileSync } from "node:fs";
import { tryDocker } from "../../host/docker.ts";
import { pullName } from "../../host/image-reference.ts";
import { dockerLogged } from "../core/logged-command.ts";
import { mirrors } from "../core/mirrors.ts";
import type { Image } from "./image.ts";

/** The slowest line that is waited for. */
const leastBytesPerSecond = 50_000;
const leastDeadlineSeconds = 300;
const secondsBetweenLooks = 1;

/**
 * Pulls an image, from its registry's mirror if one is set, and by its digest if one is pinned. It then has its own
 * name, too.
 *
 * @throws ToolchainError
 */
export async function pullImage(image: Image, log: string, note: (text: string) => void): Promise<void> {
  const source = pullName(image.name, image.digest, mirrors().images);
  const deadlineSeconds = Math.max(leastDeadlineSeconds, image.pullBytes / leastBytesPerSecond);
  const watching = setInterval(() => note(layersIn(read(log))), secondsBetweenLooks * 1000);
  try {
    await dockerLogged(["pull", source], { log, deadlineSeconds });
  } finally {
    clearInterval(watching);
  }
  if (source === image.name) return;
  await dockerLogged(["tag", source, image.name], { log });
  // The name by which it was pulled is left to nobody, unless it has only a digest, which takes no name.
  if (!source.includes("@")) await tryDocker(["rmi", "--no-prune", source]);
}

/** How far `docker pull` is, by what it has printed, such as `3 of 9 layers`. */
export function layersIn(output: string): string {
  const count = (words: string) => output.split("\n").filter((line) => line.endsWith(words)).length;
  const all = count(": Pulling fs layer") + count(": Already exists");
  return `${count(": Pull complete") + count(": Already exists")} of ${all} layers`;
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return ""; // Nothing was printed yet.
  }
}
