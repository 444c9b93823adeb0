import { delimiter, join } from "node:path";
import { UserError } from "../user-error.ts";
import { projectFolder, pulumiHome } from "./folders.ts";
import { localBackend, localPassphrase } from "./local-backend.ts";

/** The variables that make plain `pulumi`, `kind` and `kubectl` work on the fleet. */
export type FleetEnvironment = Record<string, string>;

/**
 * Returns what has to be added to the environment.
 *
 * @param bin the folder with the tools
 * @param env the caller's environment; a backend or passphrase that it names is respected
 * @param dockerHost the engine's address. @default the default socket, or `DOCKER_HOST`
 * @throws UserError when the local state's passphrase, which is public, would guard another state
 */
export function fleetEnvironment(bin: string, env: NodeJS.ProcessEnv = process.env, dockerHost?: string) {
  const path = [bin, join(projectFolder, "node_modules", ".bin"), ...(env.PATH ?? "").split(delimiter)];
  const backend = env.PULUMI_BACKEND_URL ?? localBackend;
  if (backend !== localBackend && env.PULUMI_CONFIG_PASSPHRASE === localPassphrase) {
    throw new UserError(
      "PULUMI_CONFIG_PASSPHRASE is the one of the local state, which anybody can read. " +
        `Set one of your own for ${backend}, or unset it for another secrets provider.`,
    );
  }
  const environment: FleetEnvironment = {
    PATH: [...new Set(path)].join(delimiter),
    PULUMI_HOME: pulumiHome,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_BACKEND_URL: backend,
  };
  if (dockerHost !== undefined) environment.DOCKER_HOST = dockerHost;
  const hasPassphrase = env.PULUMI_CONFIG_PASSPHRASE !== undefined || env.PULUMI_CONFIG_PASSPHRASE_FILE !== undefined;
  if (backend === localBackend && !hasPassphrase) environment.PULUMI_CONFIG_PASSPHRASE = localPassphrase;
  return environment;
}
