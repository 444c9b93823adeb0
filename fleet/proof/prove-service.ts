import type { AnswerRule } from "../../config/prove-config.ts";
import { upCommand } from "../../config/wording.ts";
import { strangersText } from "../../host/strangers-text.ts";
import type { ServiceOutput, StackOutputs } from "../../stacks/outputs.ts";
import { UserError } from "../user-error.ts";
import { callFromHost } from "./call-from-host.ts";
import { type Answer, callFromPod } from "./call-from-pod.ts";
import { answerProblem } from "./diagnosis.ts";
import type { Probes } from "./probes.ts";
import { callDeadlineMilliseconds, type Proof } from "./proof.ts";

/** Calls a service from the host, by its part of the ingress. */
export async function proveAtIngress(
  stack: string,
  { url, caCertificate }: Pick<StackOutputs, "url" | "caCertificate">,
  { name, namespace, ingress }: ServiceOutput,
  rule: AnswerRule,
): Promise<Proof> {
  // A rule for many hosts is proved by one of them.
  const host = ingress?.host?.replace(/^\*/, "www");
  const what = url + rule.path;
  const proof = { what, host, service: `${namespace}/${name}`, from: "localhost" };
  try {
    const answer = await callFromHost(what, { host, caCertificate, deadlineMilliseconds: callDeadlineMilliseconds });
    return { ...proof, ...judged(answer, url, rule, `if ${namespace}/${name} is gone: ${upCommand(stack)}`) };
  } catch (error) {
    return { ...proof, problem: strangersText(error instanceof Error ? error.message : String(error)), hop: "target" };
  }
}

/** Calls a service that no ingress leads to, from inside the cluster. */
export async function proveInCluster(
  outputs: StackOutputs,
  service: ServiceOutput,
  rule: AnswerRule,
  probes: Probes,
): Promise<Proof> {
  const id = `${service.namespace}/${service.name}`;
  const what = service.url + rule.path;
  const proof = { what, service: id, from: `${id} in ${outputs.context}` };
  try {
    const caller = await probes.callerFor(outputs, service);
    const { answers } = await callFromPod(caller, what, { deadlineMilliseconds: callDeadlineMilliseconds });
    const [answer] = answers;
    if (answer === undefined || "error" in answer) {
      return {
        ...proof,
        problem: `it can't be called: ${strangersText(answer?.message ?? "no answer")}`,
        hop: "target",
      };
    }
    return { ...proof, ...judged(answer, service.url, rule, "see its log") };
  } catch (error) {
    if (error instanceof UserError) return { ...proof, problem: error.message, hop: "caller" };
    throw error;
  }
}

/** What an answer proves. @param restore what brings the service back if it is gone */
function judged(answer: Answer, url: string, rule: AnswerRule, restore: string): Partial<Proof> {
  const problem = answerProblem(answer, url, rule, { setting: "what it calls itself", restore });
  const text = strangersText(answer.body.toString("utf8"));
  return { status: answer.status, answer: text, problem: problem?.message, hop: problem?.hop };
}
