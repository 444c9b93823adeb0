import type { KubectlTarget } from "../host/kubectl.ts";
import type { RecordedCluster } from "./cluster/recorded-cluster.ts";
import type { ExistingClusterInputs } from "./existing/provider.ts";
import { recordedExistingCluster } from "./existing/recorded-existing-cluster.ts";
import { recordedKindCluster } from "./kind/recorded-kind-cluster.ts";

/** The values of the resources of a state that tell of a cluster; undefined for those that it does not have. */
export interface ClusterRecords {
  kindCluster: Record<string, unknown> | undefined;
  registry: Record<string, unknown> | undefined;
  existingCluster: Record<string, unknown> | undefined;
}

/**
 * The cluster that a stack's state has, whatever it is; undefined when it has none.
 *
 * @param access how one that others made is found by now. @default as the state says
 */
export function recordedCluster(
  { kindCluster, registry, existingCluster }: ClusterRecords,
  access?: KubectlTarget,
): RecordedCluster | undefined {
  if (existingCluster !== undefined) {
    return recordedExistingCluster(existingCluster as unknown as ExistingClusterInputs, access);
  }
  if (kindCluster === undefined) return undefined;
  return recordedKindCluster(
    { name: String(kindCluster.name), container: String(kindCluster.incarnation) },
    registry && { name: String(registry.name), container: String(registry.container) },
  );
}
