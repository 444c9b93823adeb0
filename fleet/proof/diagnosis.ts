import { type Identity, parseIdentity } from "./expected-identity.ts";
import type { FleetOutputs } from "../state/read-outputs.ts";
import type { CallReport } from "./call-from-pod.ts";

/** What is wrong with a link, and at which hop. */
export interface LinkProblem {
  /** `caller`: no pod could call, the others are where the call ended. */
  hop: "caller" | "alias" | "target" | "refused" | "timeout" | "tls" | "host" | "identity";
  message: string;
}

const refused = new Set(["ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH", "ECONNRESET"]);
const timedOut = new Set(["ABORT_ERR", "ETIMEDOUT", "UND_ERR_CONNECT_TIMEOUT"]);
const unresolved = new Set(["ENOTFOUND", "EAI_AGAIN", "ESERVFAIL"]);

/** Says at which hop a link fails; undefined when the right one answers. */
export function diagnose(
  report: CallReport,
  peer: FleetOutputs["peers"][number],
  expected: Identity | undefined,
): LinkProblem | undefined {
  const target = peer.url ?? "its target";
  if (report.address === undefined) {
    // A DNS alias that is there, and leads to a name that is not.
    if (report.alias !== undefined)
      return {
        hop: "target",
        message: `${report.alias} does not resolve in the cluster that calls: is the peer's cluster up?`,
      };
    return peer.way === "externalName"
      ? {
          hop: "target",
          message: `neither the alias nor ${target} resolves in the cluster that calls: is the peer's cluster up?`,
        }
      : { hop: "alias", message: `the alias does not resolve: is the Service ${peer.namespace}/${peer.alias} there?` };
  }
  const failure = report.answers.find((answer) => "error" in answer);
  if (failure) return broken(failure.error, failure.message, target);

  for (const answer of report.answers) {
    if ("error" in answer) continue;
    const found = answer.status === 200 ? parseIdentity(answer.body) : undefined;
    if (answer.status === 404)
      return { hop: "host", message: `${target} answers 404: its ingress has no route for the Host that it was sent` };
    if (answer.status === 502 || answer.status === 503 || answer.status === 504)
      return { hop: "refused", message: `the way to ${target} ends in ${answer.status}: ${answer.body.trim()}` };
    if (found && (expected === undefined || (found.name === expected.name && found.cluster === expected.cluster)))
      continue;
    const wish = expected ? `"This is ${expected.name} in cluster ${expected.cluster}"` : "an identity";
    return { hop: "identity", message: `expected ${wish}, got ${answer.status} "${answer.body.trim().slice(0, 200)}"` };
  }
  return undefined;
}

/**
 * Says why a proxy can't reach its target, from a call of the target itself that a pod beside the proxy made; undefined
 * when the target answers that pod.
 */
export function diagnoseTarget(report: CallReport, target: string): LinkProblem | undefined {
  if (report.address === undefined)
    return { hop: "target", message: `${new URL(target).hostname} does not resolve in the cluster that calls` };
  const failure = report.answers.find((answer) => "error" in answer);
  return failure && broken(failure.error, failure.message, target);
}

function broken(code: string, message: string, target: string): LinkProblem {
  if (refused.has(code)) return { hop: "refused", message: `${target} refuses the connection (${message || code})` };
  if (timedOut.has(code) || /timeout|aborted/i.test(message))
    return { hop: "timeout", message: `${target} does not answer in time` };
  if (/CERT|TLS|SSL|EPROTO|SELF_SIGNED|ISSUER/.test(code))
    return { hop: "tls", message: `TLS with ${target} fails (${message})` };
  // A name may be forgotten between its look-up and the call.
  if (unresolved.has(code)) return { hop: "target", message: `${target} does not resolve any more (${message})` };
  return { hop: "target", message: `${target} can't be called (${[code, message].filter(Boolean).join(": ")})` };
}
