import { readFileSync } from "node:fs";
import { dockerConfigFile } from "../../host/docker.ts";
import { which } from "../core/machine.ts";

/** The part of the docker command's configuration that names credential helpers. */
interface DockerConfig {
  /** The helper for all registries without one of their own. */
  credsStore?: string;
  /** Helpers by registry. */
  credHelpers?: Record<string, string>;
}

/** {@link missingHelper} of this machine; undefined without a configuration. */
export function findMissingHelper(registries: readonly string[]): string | undefined {
  let config: DockerConfig;
  try {
    config = JSON.parse(readFileSync(dockerConfigFile(), "utf8")) as DockerConfig;
  } catch {
    return undefined; // Docker itself says what is wrong with a file that can't be read.
  }
  return missingHelper(config, registries, dockerConfigFile(), (program) => which(program) !== undefined);
}

/**
 * The docker command, and Pulumi's plugin, ask the credential helper that the configuration names even where no login
 * is needed, and fail when it is not installed: one that was left over from Docker Desktop, for example.
 *
 * @param registries those that the fleet pulls from and pushes to
 * @returns what is wrong, and what to do about it; undefined when nothing is
 */
export function missingHelper(
  { credsStore, credHelpers = {} }: DockerConfig,
  registries: readonly string[],
  file: string,
  isInstalled: (program: string) => boolean,
): string | undefined {
  const used = Object.entries(credHelpers).filter(([registry]) => registries.includes(registry));
  const named: [string, string][] = used.map(([registry, helper]) => [`credHelpers, ${registry}`, helper]);
  if (credsStore) named.push(["credsStore", credsStore]);
  const missing = named.find(([, helper]) => !isInstalled(`docker-credential-${helper}`));
  if (missing === undefined) return undefined;
  const [key, helper] = missing;
  return (
    `${file} names the credential helper "${helper}" (${key}), but there is no docker-credential-${helper} on the ` +
    "PATH, so that images can be neither pulled nor pushed. Install it, or remove that line."
  );
}
