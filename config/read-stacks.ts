import { ConfigError } from "./config-error.ts";
import type { RawConfig } from "./raw-config.ts";
import { parseStackConfig, type StackConfig } from "./stack-config.ts";
import { readProjectName, readStackFiles, type StackFileContents, type StackFileError } from "./stack-files.ts";

/** A project's stack files, read and checked. */
export interface StackFiles {
  /** The Pulumi project's name. */
  project: string;
  /** The configurations, by stack; without those that have problems. */
  configs: Map<string, StackConfig>;
  /** What is wrong with the others, by stack. */
  problems: Map<string, ConfigError | StackFileError>;
}

/**
 * Reads and checks every stack file of a project's folder.
 *
 * @throws StackFileError when `Pulumi.yaml` can't be read
 */
export async function readStacks(folder: string): Promise<StackFiles> {
  const [project, files] = await Promise.all([readProjectName(folder), readStackFiles(folder)]);
  const { raws } = files;
  const siblings = siblingsIn(files);
  const configs = new Map<string, StackConfig>();
  const problems = new Map<string, ConfigError | StackFileError>(files.unreadable);
  for (const [stack, raw] of raws) {
    try {
      configs.set(stack, parseStackConfig(raw, { stack, project, siblings, folder }));
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      problems.set(stack, error);
    }
  }
  return { project, configs, problems };
}

/** What the stacks are checked against. One whose file can't be read is there, but nothing is known of it. */
export const siblingsIn = ({ raws, unreadable }: StackFileContents): Record<string, RawConfig> =>
  Object.fromEntries([...raws, ...[...unreadable.keys()].map((stack) => [stack, {}] as const)]);
