import { run, type RunOptions, tryRun } from "./command.ts";
import { withoutWorkSettings } from "./other-settings.ts";

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

function withKubeconfig({ kubeconfig }: KubectlTarget, options: RunOptions = {}): RunOptions {
  // KUBERC names defaults for kubectl's flags, and ~/.kube/kuberc has some even where nothing names it.
  const env = { ...withoutWorkSettings(), KUBERC: "off", ...options.env };
  return { ...options, env: kubeconfig === undefined ? env : { ...env, KUBECONFIG: kubeconfig } };
}
