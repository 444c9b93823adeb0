import { run, type RunOptions } from "./command.ts";

/** Runs the kind command; see {@link run}. */
export const kind = (args: readonly string[], options?: RunOptions): Promise<string> => run("kind", args, options);
