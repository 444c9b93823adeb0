import { createHash } from "node:crypto";
import { readdirSync, readFileSync, readlinkSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { ignoredIn } from "../../host/dockerignore.ts";

/**
 * A hash of the files that a build reads: of their paths, contents, links and executable bits, without those that
 * `.dockerignore` leaves out, and of the Dockerfile, which may lie outside the context. Times don't count, so another
 * checkout of the same files has the same hash.
 */
export function contextDigest(context: string, dockerfile: string): string {
  const hash = createHash("sha256");
  const isIgnored = ignoredIn(context, dockerfile);
  const entries = readdirSync(context, { recursive: true, withFileTypes: true })
    .map((entry) => ({ entry, path: join(entry.parentPath, entry.name) }))
    .sort((one, other) => (one.path < other.path ? -1 : 1));
  for (const { entry, path } of entries) {
    const name = relative(context, path).replaceAll(sep, "/");
    if (isIgnored(name)) continue;
    if (entry.isSymbolicLink()) add(hash, "link", name, readlinkSync(path));
    else if (entry.isFile()) add(hash, isExecutable(path) ? "program" : "file", name, readFileSync(path));
  }
  add(hash, "dockerfile", relative(context, dockerfile), readFileSync(dockerfile));
  return hash.digest("hex");
}

function add(hash: ReturnType<typeof createHash>, kind: string, name: string, content: string | Buffer): void {
  hash.update(`${kind}\0${name}\0${content.length}\0`).update(content);
}

const isExecutable = (path: string): boolean => (statSync(path).mode & 0o111) !== 0;
