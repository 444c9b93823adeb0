import { mkdir, statfs } from "node:fs/promises";
import { cacheRoot } from "./paths.ts";
import type { Step } from "./steps.ts";
import { ToolchainError } from "./toolchain-error.ts";

/** What building takes, with Go's caches and the files in between, which lie on the same disk on most machines. */
const bytesToBuild = 12e9;

/** An archive is there together with what is in it. */
const unpackingFactor = 4;

/** An image is kept unpacked, and while it is pulled, packed as well. */
const pulledFactor = 4;

/** What making an image takes, with what it is made from. */
const bytesToMakeImage = 2e9;

/** What the steps need on the disk of the cache, about. Images lie on the engine's own disk. */
export function bytesNeeded(steps: readonly Step[]): number {
  const downloads = steps.filter(({ doing }) => doing === "downloading");
  const building = steps.some(({ doing }) => doing === "building");
  const downloaded = downloads.reduce((sum, { bytes = 0 }) => sum + bytes, 0) * unpackingFactor;
  return downloaded + (building ? bytesToBuild : 0);
}

/** What the steps need on the disk where the engine keeps its images, about. */
export function engineBytesNeeded(steps: readonly Step[]): number {
  const pulled = steps.filter(({ doing }) => doing === "pulling");
  const made = steps.filter(({ doing }) => doing === "making the image");
  return pulled.reduce((sum, { bytes = 0 }) => sum + bytes, 0) * pulledFactor + made.length * bytesToMakeImage;
}

/** What helps where a disk is full. */
const remedies = {
  cache: "Make room, or set XDG_CACHE_HOME to a folder on another disk.",
  engine: "Make room: docker system df shows what the engine has, docker system prune removes what nothing uses.",
};

/**
 * Refuses to begin what the disk of the cache, or that of the engine, has no room for.
 *
 * @param engineFolder where an engine on this machine keeps its images. @default it is on another disk, or not known
 * @throws ToolchainError
 */
export async function refuseFullDisk(steps: readonly Step[], engineFolder?: string): Promise<void> {
  await mkdir(cacheRoot(), { recursive: true });
  const problems = [
    roomProblem(bytesNeeded(steps), await freeBytes(cacheRoot()), cacheRoot(), remedies.cache),
    engineFolder && roomProblem(engineBytesNeeded(steps), await freeBytes(engineFolder), engineFolder, remedies.engine),
  ].filter(Boolean);
  if (problems.length > 0) throw new ToolchainError(problems.join("\n"));
}

/** What is free on the disk of a folder; endless where that can't be seen, as in a folder of another user. */
async function freeBytes(folder: string): Promise<number> {
  const found = await statfs(folder).catch(() => undefined);
  return found === undefined ? Infinity : found.bavail * found.bsize;
}

/** Says what is wrong when a disk has too little room; undefined when it has enough. */
export function roomProblem(
  neededBytes: number,
  freeBytes: number,
  folder: string,
  remedy: string,
): string | undefined {
  if (freeBytes >= neededBytes) return undefined;
  const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;
  return `The disk of ${folder} has ${gigabytes(freeBytes)} free, and about ${gigabytes(neededBytes)} are needed. ${remedy}`;
}
