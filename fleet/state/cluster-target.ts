import type { ClusterConfig } from "../../config/cluster-config.ts";
import type { KubectlTarget } from "../../host/kubectl.ts";
import { accessOf } from "../../infra/cluster-access.ts";
import { existingTarget } from "../../infra/existing/existing-target.ts";
import type { StackOutputs } from "../../stacks/outputs.ts";
import { kubeconfigFile } from "./secret-kubeconfigs.ts";

/** How kubectl finds a stack's cluster, by the stack's outputs. */
export const targetOf = ({ context, kubeconfig }: Pick<StackOutputs, "context" | "kubeconfig">): KubectlTarget =>
  existingTarget({ context, kubeconfig });

/** How kubectl finds a stack's cluster, by its file. */
export function targetInFile(stack: string, cluster: ClusterConfig): KubectlTarget {
  const { context, kubeconfig } = accessOf(cluster);
  return existingTarget({ context, kubeconfig: kubeconfigFile(stack, kubeconfig) });
}
