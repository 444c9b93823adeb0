import { ConfigError } from "./config-error.ts";
import { parseStackConfig, type StackConfig } from "./stack-config.ts";
import { readProjectName, readStackFiles } from "./stack-files.ts";

/** A project's stack files, read and checked. */
export interface StackFiles {
  /** The Pulumi project's name. */
  project: string;
  /** The configurations, by stack; without those that have problems. */
  configs: Map<string, StackConfig>;
  /** What is wrong with the others, by stack. */
  problems: Map<string, ConfigError>;
}

/**
 * Reads and checks every stack file of a project's folder.
 *
 * @throws StackFileError when a file can't be read as YAML at all
 */
export async function readStacks(folder: string): Promise<StackFiles> {
  const [project, raws] = await Promise.all([readProjectName(folder), readStackFiles(folder)]);
  const siblings = Object.fromEntries(raws);
  const configs = new Map<string, StackConfig>();
  const problems = new Map<string, ConfigError>();
  for (const [stack, raw] of raws) {
    try {
      configs.set(stack, parseStackConfig(raw, { stack, project, siblings }));
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      problems.set(stack, error);
    }
  }
  return { project, configs, problems };
}
