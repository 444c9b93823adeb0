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
export const isLostApiServer = (message: string): boolean => words.some((phrase) => phrase.test(message));
