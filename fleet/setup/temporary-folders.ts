import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { isRunning } from "../../host/process-alive.ts";
import { temporaryRoot } from "./folders.ts";

/**
 * Pulumi's plugin for Kubernetes writes the administrator's kubeconfig into the temporary folder each time that it is
 * started, and leaves it there. So Pulumi gets a temporary folder of its own: one for each process, named by its number,
 * readable by this user only, and removed when the process ends.
 *
 * @see {@link removeAbandoned} for those of processes that were killed
 */
export function temporaryFolderOfPulumi(): string {
  const folder = join(temporaryRoot, String(process.pid));
  if (known !== folder) {
    removeAbandoned();
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
    known = folder;
  }
  return folder;
}

let known: string | undefined;

/** Removes the temporary folders of processes that have ended. */
export function removeAbandoned(root: string = temporaryRoot): void {
  for (const name of readdirSync(root)) {
    if (!isRunning(Number(name))) rmSync(join(root, name), { recursive: true, force: true });
  }
}
