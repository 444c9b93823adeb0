import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { cacheRoot } from "./paths.ts";

/** One built or downloaded thing: a folder whose name says what it is, and what it was made from. */
export function cacheEntry(name: string, version: string, key: string): string {
  return join(cacheRoot(), `${name}-${version}-${key}`);
}

/** Whether an entry is there; one that is there is whole. */
export const isCached = (entry: string): boolean => existsSync(entry);

const unfinished = ".unfinished-";

/**
 * Fills an entry: `make` works in a folder beside it, which takes the entry's name only when all is done. The
 * caller holds the cache's lock, so what an interrupted run left unfinished is nobody's, and goes.
 */
export async function fillEntry(entry: string, make: (folder: string) => Promise<void>): Promise<void> {
  await mkdir(dirname(entry), { recursive: true });
  await removeUnfinished();
  const folder = await mkdtemp(join(dirname(entry), `${unfinished}${basename(entry)}-`));
  try {
    await make(folder);
    await rm(entry, { recursive: true, force: true });
    await rename(folder, entry);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function removeUnfinished(): Promise<void> {
  const names = await readdir(cacheRoot());
  const left = names.filter((name) => name.startsWith(unfinished));
  await Promise.all(left.map((name) => rm(join(cacheRoot(), name), { recursive: true, force: true })));
}
