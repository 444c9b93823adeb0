import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { FILES, cacheKey } from "./layout.ts";

/** Milliseconds. */
const DEADLINE = 60_000;

/**
 * Compiles a bundle of the service ahead of its start. The same bundle on the same Node gives the same bytes: V8
 * orders what it writes by its strings' hashes, so their seed is fixed while it compiles (and while it serves it is
 * random, as it must be).
 *
 * @returns the content of the cache file; just a key, which no start is any slower for, if V8 won't take the code
 * @throws if the bundle does not start
 */
export async function compile(source: string): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), "service-code-"));
  try {
    const bundle = join(folder, FILES.bundle);
    const code = join(folder, "code");
    await writeFile(bundle, source);

    const warmUp = await run(["--hash-seed=1", "--no-flush-bytecode", join(import.meta.dirname, "warm-up.ts"), bundle, code]);
    if (warmUp.status !== 0) throw new Error(`the service's bundle does not start:\n${warmUp.stderr}`);
    // The seed counts as a flag, and V8 takes no code that was compiled with other flags than it runs with.
    const accept = await run([join(import.meta.dirname, "accept.ts"), bundle, code]);
    return Buffer.concat([cacheKey(source), ...(accept.status === 0 ? [await readFile(code)] : [])]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function run(args: readonly string[]): Promise<{ status: number | null; stderr: string }> {
  const child = spawn(process.execPath, args, {
    // Nothing of the caller's environment, whose NODE_OPTIONS or NAME would have a say.
    env: { NODE_ENV: "production", LOG_LEVEL: "silent", METRICS_PORT: "0" },
    stdio: ["ignore", "ignore", "pipe"],
    timeout: DEADLINE,
    killSignal: "SIGKILL",
  });
  const [stderr, [status]] = await Promise.all([text(child.stderr), once(child, "close") as Promise<[number | null]>]);
  return { status, stderr };
}
