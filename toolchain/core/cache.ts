import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { cacheRoot } from "./paths.ts";

/** The folder of one thing that was built or downloaded. The key stands for everything that it is made from. */
export function cacheEntry(name: string, version: string, key: string): string {
  return join(cacheRoot(), `${name}-${version}-${key}`);
}

/** True when the entry exists, and is therefore complete; see {@link fillEntry}. */
export const isCached = (entry: string): boolean => existsSync(entry);

const unfinished = ".unfinished-";

/**
 * Fills an entry: `make` works in a temporary folder, which is renamed to the entry when all is done. The caller must
 * hold the cache's lock, so temporary folders that are found are those of interrupted runs, and are removed.
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
  const names = (await readdir(cacheRoot())).filter((name) => name.startsWith(unfinished));
  await Promise.all(names.map((name) => rm(join(cacheRoot(), name), { recursive: true, force: true })));
}
