import { controlPlaneName } from "../../config/cluster-config.ts";
import type { RunOptions } from "../../host/command.ts";
import { docker } from "../../host/docker.ts";

/** Runs kubectl inside a cluster's control plane, which works whatever the host's kubeconfig says. @throws CommandError */
export function kubectlOnNode(cluster: string, args: readonly string[], options?: RunOptions): Promise<string> {
  const stdin = options?.input === undefined ? [] : ["--interactive"];
  const command = ["kubectl", "--kubeconfig=/etc/kubernetes/admin.conf", ...args];
  return docker(["exec", ...stdin, controlPlaneName(cluster), ...command], options);
}
