import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

/** Raised when a change to the way of building should build again what nothing else tells apart. */
const recipe = 1;

/** A short name for what was asked for: the same parts give the same key, on every machine. */
export function contentKey(...parts: readonly unknown[]): string {
  return createHash("sha256")
    .update(JSON.stringify([recipe, ...parts]))
    .digest("hex")
    .slice(0, 12);
}

const hashed = new Map<string, string>();

/** A hash of a folder of the toolchain, which does not change while it runs. */
export function hashOwnFolder(folder: string): string {
  const hash = hashed.get(folder) ?? hashFolder(folder);
  hashed.set(folder, hash);
  return hash;
}

/** A hash of one file. */
export function hashOwnFile(file: string): string {
  return createHash("sha256").update(readFileSync(file)).digest("hex");
}

/** A hash of a folder's files: their paths and contents, nothing else. */
export function hashFolder(folder: string): string {
  const hash = createHash("sha256");
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  for (const file of files) {
    const content = readFileSync(file);
    hash.update(`${relative(folder, file)}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex");
}
