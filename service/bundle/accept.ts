/**
 * A program that signs compiled code for a Node without flags, and tells by its status whether V8 takes it.
 *
 *   node accept.ts BUNDLE CODE
 */
import { readFileSync, writeFileSync } from "node:fs";
import { Script } from "node:vm";
import { FILES, wrap } from "./layout.ts";

/** Where in compiled code V8 keeps the hash of its flags, a number of four bytes. */
const FLAG_HASH = { start: 12, end: 16 } as const;

const [bundle, code] = process.argv.slice(2);
if (bundle === undefined || code === undefined) throw new Error("usage: accept.ts BUNDLE CODE");

const cachedData = readFileSync(code);
const ours = new Script("0").createCachedData();
ours.copy(cachedData, FLAG_HASH.start, FLAG_HASH.start, FLAG_HASH.end);
const script = new Script(wrap(readFileSync(bundle, "utf8")), { filename: FILES.bundle, cachedData });
if (script.cachedDataRejected === false) writeFileSync(code, cachedData);
else process.exitCode = 1;
