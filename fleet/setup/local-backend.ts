import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { stackOfFile } from "../../config/stack-name.ts";
import { projectFolder, stateFolder } from "./folders.ts";
import { opensSalt } from "./passphrase.ts";

/** The URL of the local state, which is used unless `PULUMI_BACKEND_URL` names another backend. */
export const localBackend = pathToFileURL(stateFolder).href;

/**
 * The passphrase of the local state's secrets. It is public: the mode of the state's folder protects them. The salt in
 * the committed stack files was made with it. It is not used for any other backend.
 */
export const localPassphrase = "identity-fleet-local";

/** Whether the environment leaves it at the local state. */
export const isLocalBackend = (env: NodeJS.ProcessEnv = process.env): boolean =>
  (env.PULUMI_BACKEND_URL || localBackend) === localBackend;

/** Whether the secrets of the project's stacks were made with the local state's passphrase, by one of their files. */
export async function saltsFitLocalPassphrase(folder: string = projectFolder): Promise<boolean> {
  for (const file of (await readdir(folder)).filter((name) => stackOfFile(name) !== undefined)) {
    const salt = /^encryptionsalt:\s*(\S+)\s*$/m.exec(await readFile(join(folder, file), "utf8"))?.[1];
    if (salt !== undefined) return opensSalt(localPassphrase, salt);
  }
  return false;
}
