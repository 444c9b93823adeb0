import type { ClusterConfig } from "../../config/cluster-config.ts";
import type { StackConfig } from "../../config/stack-config.ts";
import { upCommand } from "../../config/wording.ts";
import type { KubectlTarget } from "../../host/kubectl.ts";
import { accessOf } from "../../infra/cluster-access.ts";
import { clusterUid } from "../../infra/existing/cluster-facts.ts";
import { existingTarget } from "../../infra/existing/existing-target.ts";
import type { StackOutputs } from "../../stacks/outputs.ts";
import { UserError } from "../user-error.ts";
import { kubeconfigFile } from "./secret-kubeconfigs.ts";

/** How kubectl finds a stack's cluster, by the stack's outputs. */
export const targetOf = ({ context, kubeconfig }: Pick<StackOutputs, "context" | "kubeconfig">): KubectlTarget =>
  existingTarget({ context, kubeconfig });

/** Seconds within which a cluster says which one it is, or is taken to be the right one. */
const answerSeconds = 5;

/**
 * Refuses to go on where the context of a stack's cluster leads to another cluster by now. What can't be reached, or may
 * not be asked, is left to whoever goes on.
 *
 * @throws UserError
 */
export async function refuseOtherCluster(
  stack: string,
  outputs: Pick<StackOutputs, "context" | "kubeconfig" | "uid">,
): Promise<void> {
  const { context, uid } = outputs;
  if (uid === undefined) return;
  const now = await clusterUid(targetOf(outputs), undefined, answerSeconds).catch(() => uid);
  if (now === uid) return;
  throw new UserError(
    `The context "${context}" leads to another cluster than stack ${stack} is on: its namespace kube-system has the uid ` +
      `${now}, and that one's has ${uid}. Nothing was done there. Have the context lead there again, or run ${upCommand(stack)}`,
  );
}

/** How kubectl finds a stack's cluster, by its file. */
export function targetInFile(stack: string, cluster: ClusterConfig): KubectlTarget {
  const { context, kubeconfig } = accessOf(cluster);
  return existingTarget({ context, kubeconfig: kubeconfigFile(stack, kubeconfig) });
}

/** How a cluster that others made is found by now, as the stack's file says; undefined where it says nothing of one. */
export const accessInFile = (stack: string, config: StackConfig | undefined): KubectlTarget | undefined =>
  config !== undefined && "context" in config.cluster ? targetInFile(stack, config.cluster) : undefined;
