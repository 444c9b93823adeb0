/**
 * What kubectl is asked for a cluster's identity: the uid of its namespace kube-system, which no other cluster has, whatever
 * leads there.
 */
export const uidQuery: readonly string[] = ["get", "namespace", "kube-system", "--output=jsonpath={.metadata.uid}"];
