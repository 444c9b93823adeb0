import { type CommandResult, run, type RunOptions, tryRun } from "./command.ts";

/** A cluster, as kubectl finds it. */
export interface KubectlTarget {
  /** The kubeconfig's context. */
  context: string;
  /** The kubeconfig file. @default the user's */
  kubeconfig?: string;
}

/** Runs kubectl on a cluster; see {@link run}. */
export const kubectl = (target: KubectlTarget, args: readonly string[], options?: RunOptions): Promise<string> =>
  run("kubectl", ["--context", target.context, ...args], withKubeconfig(target, options));

/** Runs kubectl on a cluster, and returns its failure; see {@link tryRun}. */
export const tryKubectl = (target: KubectlTarget, args: readonly string[], options?: RunOptions) =>
  tryRun("kubectl", ["--context", target.context, ...args], withKubeconfig(target, options));

/** Reads or edits the user's kubeconfig, and returns its failure; see {@link tryRun}. */
export const tryKubectlConfig = (args: readonly string[]): Promise<CommandResult> =>
  tryRun("kubectl", ["config", ...args]);

function withKubeconfig({ kubeconfig }: KubectlTarget, options: RunOptions = {}): RunOptions {
  return kubeconfig === undefined ? options : { ...options, env: { ...options.env, KUBECONFIG: kubeconfig } };
}
