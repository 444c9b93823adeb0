import { ConfigError, parseStackConfig, type StackConfig } from "./stack-config.ts";
import { readProjectName, readStackFiles } from "./stack-files.ts";
import { UserError } from "../fleet/user-error.ts";
import { orderStacks } from "../fleet/state/order.ts";

/** The stack files of a project, read and checked. */
export interface StackFiles {
  project: string;
  /** By stack name; those with mistakes are missing. */
  configs: Map<string, StackConfig>;
  /** What is wrong with the others, by stack name. */
  mistakes: Map<string, ConfigError>;
}

/** Reads every stack file of the project's folder. */
export async function readStacks(folder: string): Promise<StackFiles> {
  const [project, raws] = await Promise.all([readProjectName(folder), readStackFiles(folder)]);
  const siblings = Object.fromEntries(raws);
  const configs = new Map<string, StackConfig>();
  const mistakes = new Map<string, ConfigError>();
  for (const [stack, raw] of raws) {
    try {
      configs.set(stack, parseStackConfig(stack, raw, siblings, project));
    } catch (failure) {
      if (!(failure instanceof ConfigError)) throw failure;
      mistakes.set(stack, failure);
    }
  }
  return { project, configs, mistakes };
}

/**
 * The stacks in the order in which they come up.
 *
 * @param wanted stack names. @default every stack file's
 * @throws UserError with all mistakes of the wanted stacks' files; OrderError for unknown names and cycles
 */
export function planOrder(
  { configs, mistakes }: StackFiles,
  wanted: readonly string[],
): { order: string[]; secondPass: string[] } {
  const names = wanted.length > 0 ? wanted : [...configs.keys(), ...mistakes.keys()];
  if (names.length === 0)
    throw new UserError("There is no Pulumi.<stack>.yaml here: write one, see the README's configuration reference.");
  const wrong = names.flatMap((name) => mistakes.get(name) ?? []);
  if (wrong.length > 0) throw new UserError(wrong.map(({ message }) => message).join("\n"));
  return orderStacks(names, configs);
}
