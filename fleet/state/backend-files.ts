import { readdir, readFile, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { localOrganization } from "../../config/stack-name.ts";
import { isRunning } from "../../host/process-alive.ts";
import { localBackend } from "../setup/local-backend.ts";

/** The folder of Pulumi's file backend; undefined when another backend is in use. */
const backendFolder = (): string | undefined =>
  process.env.PULUMI_BACKEND_URL === localBackend ? join(fileURLToPath(localBackend), ".pulumi") : undefined;

/** The file with a stack's state; undefined when another backend is in use. */
export function stateFile(project: string, stack: string): string | undefined {
  const backend = backendFolder();
  return backend === undefined ? undefined : join(backend, "stacks", project, `${stack}.json`);
}

/** The part of a lock's content, as the file backend writes it, that is read here. */
interface Lock {
  pid: number;
  hostname: string;
}

/** Removes the lock that a killed Pulumi left behind, if its process ran on this machine and has ended. */
export async function releaseDeadLock(stack: Stack): Promise<void> {
  const backend = backendFolder();
  if (backend === undefined) return;
  const { name: project } = await stack.workspace.projectSettings();
  const folder = join(backend, "locks", localOrganization, project, stack.name);
  const files = await readdir(folder).catch(() => []);
  for (const file of files) {
    const { pid, hostname: host } = JSON.parse(await readFile(join(folder, file), "utf8")) as Lock;
    if (host === hostname() && !isRunning(pid)) {
      await stack.cancel();
      return;
    }
  }
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
