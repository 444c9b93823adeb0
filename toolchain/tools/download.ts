import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { chmod, mkdir, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { fetchFile, type FetchOptions, fetchText } from "../core/fetch-file.ts";
import { runLogged } from "../core/logged-command.ts";
import { ToolchainError } from "../core/toolchain-error.ts";

/** A file that a project publishes: an executable, or an archive of some. */
export interface Download {
  url: string;
  /** The URL of its checksum: a list, as `sha256sum` or `shasum` writes it, or the sum alone. */
  sums: string;
  /** The checksum that we pinned, if any; `sums` is then not read. */
  sha256: string | undefined;
  /** How many leading folders of an archive's paths are left out. @default it is an executable, not an archive */
  strip?: number;
}

/**
 * Downloads a tool into a folder, checks its sum, and unpacks it if it is an archive.
 *
 * @throws DownloadFailed when another source may help
 * @throws ToolchainError when the sum is wrong or missing, or this machine can't store it
 */
export async function downloadInto(
  folder: string,
  tool: string,
  download: Download,
  log: string,
  options: FetchOptions = {},
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const name = basename(new URL(download.url).pathname);
  const file = join(folder, download.strip === undefined ? tool : name);
  await fetchFile(download.url, file, options);
  const expected = download.sha256 ?? sumFor(name, await fetchText(download.sums, options));
  if (expected === undefined) throw new ToolchainError(`${download.sums} has no sum for ${download.url}.`);
  const actual = await sumOf(file, algorithmOf(expected));
  if (actual !== expected) {
    throw new ToolchainError(
      `${download.url} has the sum ${actual}, but ${expected} is expected. It is not used: ` +
        "somebody between here and its project, such as a mirror or a proxy, hands out another file.",
    );
  }
  if (download.strip === undefined) {
    await chmod(file, 0o755);
  } else {
    await runLogged("tar", ["-xzf", file, "-C", folder, `--strip-components=${download.strip}`], { log });
    await rm(file);
  }
}

/** The sum of a file in the text of its `sums`. */
export function sumFor(name: string, sums: string): string | undefined {
  const lines = sums.trim().split("\n");
  if (lines.length === 1 && /^[0-9a-f]{64}$/.test(lines[0] ?? "")) return lines[0];
  return lines
    .map((line) => /^([0-9a-f]{64}|[0-9a-f]{40})\s+\*?(?:\.\/)?(.+)$/.exec(line.trim()) ?? [])
    .find(([, , file]) => file === name)?.[1];
}

/**
 * Pulumi's docker plugin publishes SHA-1 sums, which count where none of ours is pinned. They reveal a damaged file, not
 * a forged one, against which only HTTPS protects.
 */
const algorithmOf = (sum: string) => (sum.length === 40 ? "sha1" : "sha256");

async function sumOf(file: string, algorithm: "sha1" | "sha256"): Promise<string> {
  const hash = createHash(algorithm);
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}
