/** Marks everything that is made for a cluster and is not one of its nodes; the value is the cluster's name. */
export const clusterLabel = "kind-fleet.cluster";

/** Marks a container with its owner, `<project>/<stack>`. */
export const ownerLabel = "kind-fleet.owner";

/** kind's own label on a cluster's nodes; the value is the cluster's name. */
export const kindClusterLabel = "io.x-k8s.kind.cluster";
