/**
 * A program that runs a bundle of the service until it has given its first answer, and writes the code compiled by
 * then: what every start needs, and nothing else.
 *
 *   node --hash-seed=… warm-up.ts BUNDLE OUTPUT
 */
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { get } from "node:http";
import { createRequire } from "node:module";
import { type AddressInfo, createServer } from "node:net";
import { Script } from "node:vm";
import { FILES, wrap } from "./layout.ts";

const [bundle, output] = process.argv.slice(2);
if (bundle === undefined || output === undefined) throw new Error("usage: warm-up.ts BUNDLE OUTPUT");

const port = await freePort();
process.env["PORT"] = String(port);

const script = new Script(wrap(readFileSync(bundle, "utf8")), { filename: FILES.bundle });
(script.runInThisContext() as (...args: unknown[]) => void)({}, createRequire(import.meta.url), {}, bundle, "/");
while (!(await answers())) await new Promise(setImmediate);
writeFileSync(output, script.createCachedData());
process.exit(0);

async function answers(): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  get({ port, path: "/cluster" }, (response) => response.resume().on("end", () => resolve(true))).on("error", () => resolve(false));
  return promise;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0);
  await once(server, "listening");
  const { port: free } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return free;
}
