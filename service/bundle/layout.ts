import { hash } from "node:crypto";

/** What lies beside one another in the image: the entry, the bundle that it runs, and the bundle's compiled code. */
export const FILES = { entry: "server.js", bundle: "service.js", cache: "service.cache" } as const;

/** Bytes of {@link cacheKey} at the beginning of the cache file. */
export const KEY_LENGTH = 32;

/**
 * What a cache belongs to: one bundle on one Node. V8 itself compares no more than the source's length, so without
 * this a changed text of the same length would run the old code.
 */
export function cacheKey(source: string): Buffer {
  return hash("sha256", `${process.version} ${process.platform} ${process.arch}\n${source}`, "buffer");
}

/** Makes of a CommonJS module the expression of a function, as Node's own loader does. */
export function wrap(source: string): string {
  return `(function (exports, require, module, __filename, __dirname) {${source}\n})`;
}
