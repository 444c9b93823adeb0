/**
 * Runs the bundle from its compiled code: parsing and compiling make up half of the service's start. Any other Node
 * than the cache was made by compiles as usual.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Script } from "node:vm";
import { FILES, KEY_LENGTH, cacheKey, wrap } from "./layout.ts";

type ModuleFunction = (exports: unknown, require: NodeJS.Require, module: NodeJS.Module, file: string, folder: string) => void;

const path = join(__dirname, FILES.bundle);
const source = readFileSync(path, "utf8");
const cache = readFileSync(join(__dirname, FILES.cache));
const isOurs = cacheKey(source).equals(cache.subarray(0, KEY_LENGTH));

const script = new Script(wrap(source), {
  filename: FILES.bundle,
  ...(isOurs ? { cachedData: cache.subarray(KEY_LENGTH) } : {}),
});
(script.runInThisContext() as ModuleFunction)(exports, require, module, path, __dirname);
