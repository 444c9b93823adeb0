import { readdir, readFile, rm, stat } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { localOrganization } from "../../config/stack-name.ts";
import { isRunning, processFacts } from "../../host/process-alive.ts";
import { localBackend } from "../setup/local-backend.ts";
import { isDead, parseLock } from "./stale-lock.ts";

/** The folder of Pulumi's file backend; undefined when another backend is in use. */
const backendFolder = (): string | undefined =>
  process.env.PULUMI_BACKEND_URL === localBackend ? join(fileURLToPath(localBackend), ".pulumi") : undefined;

/** The file with a stack's state; undefined when another backend is in use. */
export function stateFile(project: string, stack: string): string | undefined {
  const backend = backendFolder();
  return backend === undefined ? undefined : join(backend, "stacks", project, `${stack}.json`);
}

/** The stacks of a project that the file backend knows; undefined when another backend is in use. */
export async function localStackNames(project: string): Promise<string[] | undefined> {
  const backend = backendFolder();
  if (backend === undefined) return undefined;
  const files = await readdir(join(backend, "stacks", project)).catch(() => []);
  return files.flatMap((file) => (file.endsWith(".json") ? [file.slice(0, -".json".length)] : [])).sort();
}

/** A lock is written in one go, so one that can't be read for this long has no writer any more. */
const unreadableAfterMilliseconds = 10_000;

/** Removes the locks that a killed Pulumi left behind, if its process ran on this machine and has ended. */
export async function releaseDeadLock(stack: Stack): Promise<void> {
  const backend = backendFolder();
  if (backend === undefined) return;
  const { name: project } = await stack.workspace.projectSettings();
  const folder = join(backend, "locks", localOrganization, project, stack.name);
  for (const file of await readdir(folder).catch(() => [])) {
    const path = join(folder, file);
    if (await isDeadLock(path)) await rm(path, { force: true });
  }
}

async function isDeadLock(path: string): Promise<boolean> {
  const [text, info] = await Promise.all([readFile(path, "utf8"), stat(path)]).catch(() => [undefined, undefined]);
  if (text === undefined || info === undefined) return false; // it was released meanwhile
  const lock = parseLock(text);
  if (lock === undefined) return Date.now() - info.mtimeMs > unreadableAfterMilliseconds;
  return isDead(lock, { hostname: hostname(), running: isRunning(lock.pid), process: processFacts(lock.pid) });
}

/** Removes the backups and the history that the file backend keeps of a removed stack. */
export async function forgetHistory(project: string, stack: string): Promise<void> {
  const backend = backendFolder();
  if (backend === undefined) return;
  for (const kind of ["backups", "history", `locks/${localOrganization}`]) {
    await rm(join(backend, kind, project, stack), { recursive: true, force: true });
  }
  for (const end of ["bak", "bak.attrs"]) {
    await rm(join(backend, "stacks", project, `${stack}.json.${end}`), { force: true });
  }
}
