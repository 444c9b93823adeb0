import { existsSync } from "node:fs";
import { chmod, copyFile, mkdir, rename } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { EngineInfo } from "../../host/engine-info.ts";

/** The engine's name for our OCI runtime. */
export const runtimeName = "bounded";

/** Where the runtime lies while an engine uses it: not in the cache, which may be deleted at any time. */
const runtimeFolder = "/var/lib/kind-fleet";

/**
 * Copies the runtime to where an engine may use it for as long as it runs.
 *
 * @param built the path of the runtime in the cache; its folder's name has the hash of what it was made from
 * @returns the path of the copy
 */
export async function installRuntime(built: string, folder = runtimeFolder): Promise<string> {
  const path = join(folder, basename(dirname(built)), basename(built));
  if (!existsSync(path)) await copyRuntime(built, path);
  return path;
}

/** Copies the runtime to a path. An engine that looks at it meanwhile finds nothing or the whole. */
export async function copyRuntime(built: string, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}`;
  await copyFile(built, temporary);
  await chmod(temporary, 0o755);
  await rename(temporary, path);
}

/** The path at which an engine looks for our runtime and finds none any more; undefined when nothing is missing. */
export function lostRuntime(
  { Runtimes }: EngineInfo,
  exists: (path: string) => boolean = existsSync,
): string | undefined {
  const path = Runtimes?.[runtimeName]?.path;
  return path === undefined || exists(path) ? undefined : path;
}
