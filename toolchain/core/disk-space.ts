import { mkdir, statfs } from "node:fs/promises";
import { cacheRoot } from "./paths.ts";
import type { Step } from "./steps.ts";
import { ToolchainError } from "./toolchain-error.ts";

/** What building takes, with Go's caches and the files in between, which lie on the same disk on most machines. */
const bytesToBuild = 12e9;

/** An archive is there together with what is in it. */
const unpackingFactor = 4;

/**
 * What the steps need on the disk of the cache, about. Images lie on the engine's own disk.
 */
export function bytesNeeded(steps: readonly Step[]): number {
  const downloads = steps.filter(({ doing }) => doing === "downloading");
  const building = steps.some(({ doing }) => doing === "building");
  const downloaded = downloads.reduce((sum, { bytes = 0 }) => sum + bytes, 0) * unpackingFactor;
  return downloaded + (building ? bytesToBuild : 0);
}

/** @throws ToolchainError when the disk has too little room for the steps */
export async function refuseFullDisk(steps: readonly Step[]): Promise<void> {
  await mkdir(cacheRoot(), { recursive: true });
  const { bavail, bsize } = await statfs(cacheRoot());
  const problem = roomProblem(bytesNeeded(steps), bavail * bsize, cacheRoot());
  if (problem !== undefined) throw new ToolchainError(problem);
}

/** Says what is wrong when a disk has too little room; undefined when it has enough. */
export function roomProblem(neededBytes: number, freeBytes: number, folder: string): string | undefined {
  if (freeBytes >= neededBytes) return undefined;
  const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;
  return (
    `The disk of ${folder} has ${gigabytes(freeBytes)} free, and about ${gigabytes(neededBytes)} are needed. ` +
    "Make room, or set XDG_CACHE_HOME to a folder on another disk."
  );
}
