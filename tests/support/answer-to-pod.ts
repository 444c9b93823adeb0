import { type CallOptions, callFromPod } from "../../fleet/proof/call-from-pod.ts";
import type { KubectlTarget } from "../../host/kubectl.ts";

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
  const { answers } = await callFromPod({ ...cluster, namespace, deployment }, url, options);
  const [answer] = answers;
  if (answer === undefined || "error" in answer) throw new Error(`${url}: ${answer?.message ?? "no answer"}`);
  return { status: answer.status, body: answer.body.toString() };
}
