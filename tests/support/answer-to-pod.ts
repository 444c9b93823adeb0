import { type CallOptions, callFromPod } from "../../fleet/proof/call-from-pod.ts";
import type { KubectlTarget } from "../../host/kubectl.ts";
import { setVariable } from "./environment-variable.ts";

/**
 * Calls a URL from a pod of a Deployment, and returns the answer's status and body.
 *
 * @throws Error when there was no answer
 */
export async function answerToPod(
  cluster: KubectlTarget,
  { namespace, deployment }: { namespace: string; deployment: string },
  url: string,
  options: CallOptions = {},
): Promise<{ status: number; body: string }> {
  const { answers } = await withKubeconfig(cluster, () =>
    callFromPod({ context: cluster.context, namespace, deployment }, url, options),
  );
  const [answer] = answers;
  if (answer === undefined || "error" in answer) throw new Error(`${url}: ${answer?.message ?? "no answer"}`);
  return { status: answer.status, body: answer.body };
}

/** The product's own code reads the user's kubeconfig; throwaway clusters have one of their own. */
async function withKubeconfig<T>({ kubeconfig }: KubectlTarget, work: () => Promise<T>): Promise<T> {
  const restore = kubeconfig === undefined ? undefined : setVariable("KUBECONFIG", kubeconfig);
  try {
    return await work();
  } finally {
    restore?.();
  }
}
