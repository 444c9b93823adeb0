import { createHash } from "node:crypto";
import { existsSync, lstatSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { runToEnd } from "./child.mjs";
import { installArguments, installEnvironment } from "./settings.mjs";

const staleAfterMilliseconds = 15 * 60_000;

/** What the packages of package-lock.json are together, as npm downloads them; less where npm has some in its cache. */
const packageMegabytes = 170;

/** npm's own tries to reach a registry end much earlier. */
const installDeadlineMilliseconds = 30 * 60_000;

/**
 * Installs the dependencies of package-lock.json, unless they are installed already; one process at a time.
 *
 * @param install @default `npm ci`
 * @throws Error when npm fails
 */
export async function ensureDependencies(root, install = npmInstall) {
  if (areDependenciesThere(root)) return;
  const release = await lock(root);
  try {
    if (areDependenciesThere(root)) return;
    console.error(`Installing the dependencies of this checkout (npm ci): up to ${packageMegabytes} MB to download…`);
    await install(root);
    writeFileSync(stampFile(root), lockHash(root));
  } finally {
    release();
  }
}

/** True when node_modules was installed from this package-lock.json: by our stamp, or else by npm's own record. */
export function areDependenciesThere(root) {
  // A link leads to the dependencies of another checkout, which installs them; npm ci would empty its folder.
  if (lstatSync(join(root, "node_modules"), { throwIfNoEntry: false })?.isSymbolicLink()) return true;
  if (existsSync(stampFile(root))) return readFileSync(stampFile(root), "utf8") === lockHash(root);
  const record = join(root, "node_modules", ".package-lock.json");
  return existsSync(record) && statSync(record).mtimeMs >= statSync(join(root, "package-lock.json")).mtimeMs;
}

const stampFile = (root) => join(root, "node_modules", ".lock-hash");

function lockHash(root) {
  return createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
}

/** npm writes to standard error, since standard output is the script's: a shell may evaluate it. */
async function npmInstall(root) {
  const { code, signal } = await runToEnd("npm", installArguments, {
    cwd: root,
    env: installEnvironment(process.env),
    stdio: ["ignore", 2, 2],
    timeout: installDeadlineMilliseconds,
  });
  if (signal !== null || code > 128) throw new Interrupted(signal);
  if (code !== 0) throw new Error("npm ci failed; its own words are above. Nothing else was done.");
}

/** npm was stopped, by the user or by its deadline. */
export class Interrupted extends Error {
  constructor(signal) {
    super("The installation of the dependencies was interrupted. The next command begins it anew.");
    this.status = { SIGTERM: 143, SIGHUP: 129 }[signal] ?? 130;
  }
}

/**
 * Locks by making a folder, which only one process can do. It lies outside the checkout, which stays clean.
 *
 * @returns a function that unlocks
 */
async function lock(root) {
  const folder = join(tmpdir(), `npm-ci-${createHash("sha256").update(root).digest("hex").slice(0, 12)}.lock`);
  for (let reported = false; ; reported = true) {
    try {
      mkdirSync(folder);
      writeFileSync(join(folder, "pid"), String(process.pid));
      return () => rmSync(folder, { recursive: true, force: true });
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
    }
    if (isAbandoned(folder)) {
      rmSync(folder, { recursive: true, force: true });
      continue;
    }
    if (!reported) console.error("Waiting for another process that installs the dependencies…");
    await sleep(500);
  }
}

/** True when the process that holds the lock has ended, or the lock is so old that another may have its process id. */
function isAbandoned(folder) {
  try {
    if (Date.now() - statSync(folder).mtimeMs > staleAfterMilliseconds) return true;
    process.kill(Number(readFileSync(join(folder, "pid"), "utf8")), 0);
    return false;
  } catch (error) {
    return error.code === "ESRCH";
  }
}
