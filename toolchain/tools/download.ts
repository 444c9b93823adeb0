import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { chmod, mkdir, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { run } from "../core/command.ts";
import { ToolchainError } from "../core/toolchain-error.ts";

/** A published file. */
export interface Download {
  url: string;
  /** A file of sums beside it, as `sha256sum` or `shasum` writes them, or one sum alone. */
  sums: string;
  /** The pinned sum, where there is one. */
  sha256: string | undefined;
  /** For an archive: how many leading folders of its paths to leave out. An executable has none. */
  strip?: number;
}

/** The network failed half way; another source may do. */
export class DownloadFailed extends ToolchainError {
  override name = "DownloadFailed";
}

const deadlineMilliseconds = 15 * 60_000;

/** Downloads into a folder, holds the file against its sum, and unpacks an archive there. */
export async function downloadInto(folder: string, tool: string, download: Download, log: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, download.strip === undefined ? tool : basename(new URL(download.url).pathname));
  await save(download.url, file);
  const expected = download.sha256 ?? sumFor(basename(new URL(download.url).pathname), await text(download.sums));
  if (expected === undefined) throw new ToolchainError(`${download.sums} has no sum for ${download.url}.`);
  const actual = await sumOf(file, algorithmOf(expected));
  if (actual !== expected) {
    throw new ToolchainError(`${download.url} has the sum ${actual}, but ${expected} is expected. It is not used.`);
  }
  if (download.strip === undefined) {
    await chmod(file, 0o755);
  } else {
    await run("tar", ["-xzf", file, "-C", folder, `--strip-components=${download.strip}`], { log });
    await rm(file);
  }
}

/** The sum for a file, in a list of sums or in a file that has one sum alone. */
export function sumFor(name: string, sums: string): string | undefined {
  const lines = sums.trim().split("\n");
  if (lines.length === 1 && /^[0-9a-f]{64}$/.test(lines[0] ?? "")) return lines[0];
  return lines
    .map((line) => /^([0-9a-f]{64}|[0-9a-f]{40})\s+\*?(?:\.\/)?(.+)$/.exec(line.trim()) ?? [])
    .find(([, , file]) => file === name)?.[1];
}

/** Pulumi's docker plugin publishes SHA-1 sums, which tell a broken file from a whole one; HTTPS vouches for the rest. */
const algorithmOf = (sum: string) => (sum.length === 40 ? "sha1" : "sha256");

async function request(url: string): Promise<Response> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(deadlineMilliseconds) });
    if (response.ok) return response;
    throw new DownloadFailed(`${url} answered ${response.status} ${response.statusText}.`);
  } catch (error) {
    if (error instanceof DownloadFailed) throw error;
    throw new DownloadFailed(`${url} could not be downloaded: ${String(error)}`, { cause: error });
  }
}

async function save(url: string, file: string): Promise<void> {
  const { body } = await request(url);
  if (!body) throw new DownloadFailed(`${url} answered with nothing.`);
  try {
    await pipeline(Readable.fromWeb(body), createWriteStream(file));
  } catch (error) {
    throw new DownloadFailed(`The download of ${url} broke off: ${String(error)}`, { cause: error });
  }
}

async function text(url: string): Promise<string> {
  return (await request(url)).text();
}

async function sumOf(file: string, algorithm: "sha1" | "sha256"): Promise<string> {
  const hash = createHash(algorithm);
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}
