import { delimiter, join, resolve } from "node:path";
import { kubeconfigFiles } from "../../host/kubeconfig-files.ts";
import { UserError } from "../user-error.ts";
import { projectFolder, pulumiHome } from "./folders.ts";
import { localBackend, localPassphrase } from "./local-backend.ts";

/** The variables that make plain `pulumi`, `kind` and `kubectl` work on the fleet. */
export type FleetEnvironment = Record<string, string>;

/** What the environment depends on, besides the caller's. */
export interface EnvironmentFacts {
  /** The engine's address. @default the default socket, or `DOCKER_HOST` */
  dockerHost?: string;
  /** The local state's passphrase. @default the public one of earlier versions */
  passphrase?: string;
  /**
   * Whether the stacks' secrets were made with the local state's passphrase, so that one in a file, which may well be
   * for other projects, is of no use.
   * @default false
   */
  isLocalPassphrase?: boolean;
}

/**
 * Returns what has to be added to the environment.
 *
 * @param bin the folder with the tools
 * @param env the caller's environment; a backend or passphrase that it names is respected, even an empty passphrase
 * @throws UserError when the local state's passphrase would guard another state
 */
export function fleetEnvironment(
  bin: string,
  env: NodeJS.ProcessEnv = process.env,
  { dockerHost, passphrase = localPassphrase, isLocalPassphrase = false }: EnvironmentFacts = {},
): FleetEnvironment {
  const path = [bin, join(projectFolder, "node_modules", ".bin"), ...(env.PATH ?? "").split(delimiter)];
  const backend = env.PULUMI_BACKEND_URL || localBackend;
  if (backend !== localBackend && [localPassphrase, passphrase].includes(env.PULUMI_CONFIG_PASSPHRASE ?? "")) {
    throw new UserError(
      "PULUMI_CONFIG_PASSPHRASE is the one of the local state, which is kept with it. " +
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
  const isSet = env.PULUMI_CONFIG_PASSPHRASE !== undefined;
  const isElsewhere = Boolean(env.PULUMI_CONFIG_PASSPHRASE_FILE) && !isLocalPassphrase;
  if (backend === localBackend && !isSet && !isElsewhere) environment.PULUMI_CONFIG_PASSPHRASE = passphrase;
  return environment;
}

/** Variables that hold one path. */
const pathVariables = ["DOCKER_CONFIG", "DOCKER_CERT_PATH", "PULUMI_CONFIG_PASSPHRASE_FILE", "PULUMI_CREDENTIALS_PATH"];

/**
 * The variables that hold relative paths, with whole ones: the tools run in other folders than the user's.
 *
 * @param folder where the user is
 */
export function wholePaths(folder: string, env: NodeJS.ProcessEnv): Record<string, string> {
  const changed = Object.fromEntries(
    pathVariables.flatMap((name) => (env[name] ? [[name, resolve(folder, env[name])] as const] : [])),
  );
  if (env.KUBECONFIG) changed.KUBECONFIG = kubeconfigFiles(folder, env).join(delimiter);
  return changed;
}
