import type { CommandError, RunOptions } from "../../host/command.ts";

/** A cluster, as a stack's state has it. */
export interface RecordedCluster {
  /** For messages, such as `cluster "cluster1"`. */
  title: string;
  /** The command by which people look into it, such as `kubectl --context kind-cluster1`. */
  kubectlCommand: string;
  /** Runs kubectl on it. @throws CommandError */
  kubectl: (args: readonly string[], options?: RunOptions) => Promise<string>;
  /** What to say of kubectl's failure, such as which rights lack. @default what kubectl says */
  explain?: (error: CommandError) => Error;
  /**
   * Whether the login in the state may be of no use by now, so that the program has to say the new one first.
   * @default false
   */
  loginMayExpire?: boolean;
  /**
   * Whether this user may list objects of all namespaces at once.
   * @default true
   */
  listsEverything?: boolean;
  /**
   * Looks whether it is there. `there`: it runs; `new`: it is gone, or another one has its place; `stopped`: it must be
   * started first, or nothing can tell.
   *
   * @throws Error when that must not go on as it is
   */
  look: () => Promise<{ state: "there" | "new" | "stopped"; hasRegistry: boolean }>;
}
