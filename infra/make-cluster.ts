import type { ClusterConfig } from "../config/cluster-config.ts";
import type { Cluster, ClusterPurpose } from "./cluster/cluster.ts";
import type { ClusterFacts } from "./existing/cluster-facts.ts";
import { makeExistingCluster } from "./existing/make-existing-cluster.ts";
import { makeKindCluster } from "./kind/make-kind-cluster.ts";

/**
 * Declares a stack's cluster, whatever it is.
 *
 * @param facts what was found of one that exists
 */
export function makeCluster(config: ClusterConfig, purpose: ClusterPurpose, facts: ClusterFacts | undefined): Cluster {
  if (!("context" in config)) return makeKindCluster(config, purpose);
  if (facts === undefined) throw new Error(`nobody has looked at the cluster of the context ${config.context}`);
  return makeExistingCluster(config, purpose, facts);
}
