/** What Pulumi's plugin for Kubernetes, or the API server itself, says when it is away for a moment. */
const words = [
  /\b(Get|Post|Put|Patch|Delete) "https:\/\/[^"]*\/(apis?|openapi|version)\b[^"]*": /,
  /configured Kubernetes cluster is unreachable/,
  /\betcdserver: /,
  /apiserver not ready/,
];

/**
 * Whether an update failed since the cluster's API server went away in the middle of it, as it does some seconds after the
 * Docker engine was restarted: the kubelet then starts it anew.
 */
export const isLostApiServer = (message: string): boolean =>
  isStartingApiServer(message) || words.some((phrase) => phrase.test(message));

/**
 * Whether an API server that has just been started, and has not read yet who may do what, refuses even the administrator
 * of a cluster that kubeadm made, or misses a role that every cluster has.
 */
export const isStartingApiServer = (message: string): boolean =>
  /\bUser "kubernetes-admin" cannot |\bclusterrole\.rbac\.authorization\.k8s\.io "(cluster-admin|system:[a-z-]+)" not found/.test(
    message,
  );
