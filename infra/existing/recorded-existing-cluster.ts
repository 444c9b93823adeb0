import { kubectl, type KubectlTarget } from "../../host/kubectl.ts";
import type { RecordedCluster } from "../cluster/recorded-cluster.ts";
import { ClusterError, OtherClusterError, clusterUid, serverOf } from "./cluster-facts.ts";
import { existingTarget } from "./existing-target.ts";
import { otherClusterRefusal } from "./other-cluster.ts";
import type { ExistingClusterInputs } from "./provider.ts";
import { lackingMessage, rightsRefusedIn } from "./rights.ts";

/** A cluster that exists, as a state has it. @param access how it is found by now. @default as the state says */
export function recordedExistingCluster(
  recorded: ExistingClusterInputs,
  access: KubectlTarget = recorded,
): RecordedCluster {
  const { uid } = recorded;
  const target = existingTarget(access);
  const { context } = target;
  const file = target.kubeconfig === undefined ? "" : ` --kubeconfig ${target.kubeconfig}`;
  return {
    title: `the context ${context}`,
    kubectlCommand: `kubectl${file} --context ${context}`,
    kubectl: (args, options) => kubectl(target, args, options),
    explain: (error) => {
      const lacking = rightsRefusedIn(error.stderr);
      return lacking.length === 0 ? error : new ClusterError(lackingMessage(context, lacking));
    },
    loginMayExpire: true,
    // A user may see some namespaces only.
    listsEverything: false,
    look: async () => {
      const server = await serverOf(target);
      const now = await clusterUid(target, server);
      if (now === uid) return { state: "there", hasRegistry: false };
      throw new OtherClusterError(otherClusterRefusal(recorded, { context, server, uid: now }));
    },
  };
}
