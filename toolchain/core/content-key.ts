import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

/** Raise it when everything must be built again after a change of the toolchain's code, which the keys don't cover. */
const generation = 1;

/** A short hash of the parts. The same parts have the same key on every machine. */
export function contentKey(...parts: readonly unknown[]): string {
  return createHash("sha256")
    .update(JSON.stringify([generation, ...parts]))
    .digest("hex")
    .slice(0, 12);
}

const hashes = new Map<string, string>();

/** {@link hashFolder} of a folder of the toolchain. It is computed once, since these don't change while it runs. */
export function hashOwnFolder(folder: string): string {
  const hash = hashes.get(folder) ?? hashFolder(folder);
  hashes.set(folder, hash);
  return hash;
}

/** The hash of a file of the toolchain: of its content, not of its name. */
export function hashOwnFile(file: string): string {
  return createHash("sha256").update(readFileSync(file)).digest("hex");
}

/** The hash of a folder's files: of their paths and contents, nothing else. */
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
