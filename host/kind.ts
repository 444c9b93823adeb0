import { run, type RunOptions } from "./command.ts";
import { withoutWorkSettings } from "./other-settings.ts";

/** Runs the kind command, whatever the user has set for it; see {@link run}. */
export const kind = (args: readonly string[], options?: RunOptions): Promise<string> =>
  run("kind", args, { ...options, env: { ...withoutWorkSettings(), ...options?.env } });
