import { chmod, mkdir } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { UserError } from "../user-error.ts";

/** The project's folder: where `Pulumi.yaml` and the stack files are. */
export const root = dirname(dirname(import.meta.dirname));

/** What is kept in the project's folder and not in git: Pulumi's home, and the local state. */
const kept = join(root, ".fleet");

/** Pulumi's home: its plugins, and which stack is selected. */
export const pulumiHome = join(kept, "pulumi-home");

/**
 * Guards the secrets of the local state, which lie on the same disk, in a folder of the user's own. The committed
 * stack files' salt goes with it. On any other backend it is not used.
 */
const localPassphrase = "identity-fleet-local";

/** The variables that make plain `pulumi`, `kind` and `kubectl` work on the fleet. */
export type FleetEnvironment = Record<string, string>;

/**
 * @param bin the folder with the tools
 * @param env the caller's environment; a backend or passphrase that it names is respected
 * @param dockerHost where the engine is. @default where everybody looks, or where DOCKER_HOST says
 * @throws UserError when the local state's passphrase, which is public, would guard another one
 */
export function fleetEnvironment(
  bin: string,
  env: NodeJS.ProcessEnv = process.env,
  dockerHost?: string,
): FleetEnvironment {
  const path = [bin, join(root, "node_modules", ".bin"), ...(env.PATH ?? "").split(delimiter)];
  const backend = env.PULUMI_BACKEND_URL;
  if (backend !== undefined && backend !== localBackend && env.PULUMI_CONFIG_PASSPHRASE === localPassphrase) {
    throw new UserError(
      `PULUMI_CONFIG_PASSPHRASE is the one of the local state, which anybody can read. Set one of your own for ${backend}, or unset it for another secrets provider.`,
    );
  }
  const secrets = env.PULUMI_CONFIG_PASSPHRASE !== undefined || env.PULUMI_CONFIG_PASSPHRASE_FILE !== undefined;
  return {
    PATH: [...new Set(path)].join(delimiter),
    ...(dockerHost !== undefined && { DOCKER_HOST: dockerHost }),
    PULUMI_HOME: pulumiHome,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_BACKEND_URL: backend ?? localBackend,
    ...(backend === undefined || backend === localBackend
      ? secrets
        ? {}
        : { PULUMI_CONFIG_PASSPHRASE: localPassphrase }
      : {}),
  };
}

/** Where the state is unless `PULUMI_BACKEND_URL` says otherwise. */
export const localBackend = pathToFileURL(join(kept, "state")).href;

/** Makes the folders of the local state, for the user's own eyes. */
export async function prepareFolders(): Promise<void> {
  for (const folder of [kept, pulumiHome, join(kept, "state")]) {
    await mkdir(folder, { recursive: true });
    await chmod(folder, 0o700); // also of one that was there, which only `npm run tools` had made
  }
}
