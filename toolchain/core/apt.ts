import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { tryRun } from "../../host/command.ts";
import { runLogged } from "./logged-command.ts";
import { ToolchainError } from "./toolchain-error.ts";

/** Keeps packages from asking questions. */
const env = { DEBIAN_FRONTEND: "noninteractive" };

/** Updates apt's lists of packages. Needs root. */
export const updatePackageLists = (log: string): Promise<void> => runLogged("apt-get", ["update"], { log, env });

/** Installs Debian packages, without those that they only recommend. Needs root. */
export const installPackages = (names: readonly string[], log: string): Promise<void> =>
  runLogged("apt-get", ["install", "-y", "--no-install-recommends", ...names], { log, env });

/** True when apt's lists have a package of this name. */
export async function isListed(name: string): Promise<boolean> {
  const { error } = await tryRun("apt-cache", ["show", name], { deadlineSeconds: Infinity });
  return error === undefined;
}

/**
 * Downloads a Debian package, without installing it. apt's lists of packages may be missing or out of date, so when
 * the download fails, they are updated and it is tried again.
 *
 * @param mayUpdate false for a user who may not update the lists, so that the first failure is final
 * @returns the path of the `.deb` file in the folder
 * @throws ToolchainError
 */
export async function downloadPackage(name: string, folder: string, log: string, mayUpdate = true): Promise<string> {
  const download = () => runLogged("apt-get", ["download", name], { log, cwd: folder });
  await download().catch(async (error: unknown) => {
    if (!mayUpdate) throw error;
    await updatePackageLists(log);
    await download();
  });
  const file = (await readdir(folder)).find((candidate) => candidate.endsWith(".deb"));
  if (file === undefined) throw new ToolchainError(`apt-get downloaded no package ${name}.`);
  return join(folder, file);
}
