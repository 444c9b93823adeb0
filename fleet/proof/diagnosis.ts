import type { Identity } from "../../service/src/identity.ts";
import type { PeerOutput } from "../../stacks/outputs.ts";
import type { CallReport } from "./call-from-pod.ts";
import { identityProblem } from "./expected-identity.ts";

/** What is wrong with a link, and at which hop. */
export interface LinkProblem {
  /** Where the call ended. `caller`: no pod could call. */
  hop: "caller" | "alias" | "target" | "refused" | "timeout" | "tls" | "host" | "identity";
  message: string;
}

const refused = new Set(["ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH", "ECONNRESET"]);
const timedOut = new Set(["ABORT_ERR", "ETIMEDOUT", "UND_ERR_CONNECT_TIMEOUT"]);
const unresolved = new Set(["ENOTFOUND", "EAI_AGAIN", "ESERVFAIL"]);
const gatewayErrors = new Set([502, 503, 504]);

/** Finds the hop at which a link fails; undefined when the right service answers every call. */
export function diagnose(
  report: CallReport,
  peer: PeerOutput,
  expected: Identity | undefined,
): LinkProblem | undefined {
  const target = peer.url ?? "its target";
  if (report.address === undefined) return unresolvedProblem(report, peer, target);
  for (const answer of report.answers) {
    if ("error" in answer) return callProblem(answer.error, answer.message, target);
  }
  for (const answer of report.answers) {
    const problem = "error" in answer ? undefined : answerProblem(answer, target, expected);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/**
 * Explains why a proxy can't reach its target, from a pod's direct call of the target; undefined when that call has an
 * answer.
 */
export function diagnoseTarget({ address, answers }: CallReport, target: string): LinkProblem | undefined {
  if (address === undefined) {
    return { hop: "target", message: `${new URL(target).hostname} does not resolve in the cluster that calls` };
  }
  const failed = answers.find((answer) => "error" in answer);
  return failed && callProblem(failed.error, failed.message, target);
}

function unresolvedProblem(
  { alias }: CallReport,
  { way, namespace, alias: name }: PeerOutput,
  target: string,
): LinkProblem {
  const unresolvedTarget = (what: string): LinkProblem => ({
    hop: "target",
    message: `${what} in the cluster that calls: is the peer's cluster up?`,
  });
  // The alias exists in DNS, but the name that it leads to does not.
  if (alias !== undefined) return unresolvedTarget(`${alias} does not resolve`);
  if (way === "externalName") return unresolvedTarget(`neither the alias nor ${target} resolves`);
  return { hop: "alias", message: `the alias does not resolve: is the Service ${namespace}/${name} there?` };
}

function answerProblem(
  { status, body }: { status: number; body: string },
  target: string,
  expected: Identity | undefined,
): LinkProblem | undefined {
  if (status === 404) {
    return { hop: "host", message: `${target} answers 404: its ingress has no route for the Host that it was sent` };
  }
  if (gatewayErrors.has(status)) {
    return { hop: "refused", message: `the way to ${target} ends in ${status}: ${body.trim()}` };
  }
  const message = identityProblem({ status, body }, expected);
  return message === undefined ? undefined : { hop: "identity", message };
}

function callProblem(code: string, message: string, target: string): LinkProblem {
  if (refused.has(code)) return { hop: "refused", message: `${target} refuses the connection (${message || code})` };
  if (timedOut.has(code) || /timeout|aborted/i.test(message)) {
    return { hop: "timeout", message: `${target} does not answer in time` };
  }
  if (/CERT|TLS|SSL|EPROTO|SELF_SIGNED|ISSUER/.test(code)) {
    return { hop: "tls", message: `TLS with ${target} fails (${message})` };
  }
  // The name resolved before, and was removed between that look-up and the call.
  if (unresolved.has(code)) return { hop: "target", message: `${target} does not resolve any more (${message})` };
  return { hop: "target", message: `${target} can't be called (${[code, message].filter(Boolean).join(": ")})` };
}
