import { inClusterUrl } from "../../config/cluster-config.ts";
import type { AnswerRule } from "../../config/prove-config.ts";
import { type KubectlTarget, tryKubectl } from "../../host/kubectl.ts";
import { strangersText } from "../../host/strangers-text.ts";
import { parseIdentity, sameIdentity } from "../../service/src/identity.ts";
import type { PeerOutput, StackOutputs } from "../../stacks/outputs.ts";
import { targetOf } from "../state/cluster-target.ts";
import { UserError } from "../user-error.ts";
import { type Answer, type Caller, type CallReport, callFromPod } from "./call-from-pod.ts";
import { callingService } from "./caller.ts";
import { diagnose, diagnoseProxy, type LinkProblem } from "./diagnosis.ts";
import type { Probes } from "./probes.ts";
import { callDeadlineMilliseconds, type Proof } from "./proof.ts";

/** How many times a link is called for its proof. */
const callsPerLink = 20;

/** How long these calls may take together: of a slow target, fewer are made. */
const callsMilliseconds = 10_000;

/** Calls an alias from inside the stack's cluster. An answer other than the peer's is a failure. */
export async function proveLink(
  outputs: StackOutputs,
  peer: PeerOutput,
  rule: AnswerRule,
  probes: Probes,
): Promise<Proof> {
  const what = inClusterUrl(peer.alias, peer.namespace) + rule.path;
  const alias = `${peer.namespace}/${peer.alias}`;
  const link = { what, from: outputs.context, alias, way: peer.way, target: peer.url };
  try {
    const caller = await probes.callerFor(outputs, callingService(outputs));
    const from = `${caller.namespace}/${caller.deployment} in ${caller.context}`;
    return { ...link, from, ...(await callLink(caller, what, outputs, peer, rule)) };
  } catch (error) {
    if (error instanceof UserError) return { ...link, problem: error.message, hop: "caller" };
    throw error;
  }
}

/** What a pod sees of a link. @throws UserError when the pod can't call */
async function callLink(
  caller: Caller,
  url: string,
  outputs: StackOutputs,
  peer: PeerOutput,
  rule: AnswerRule,
): Promise<Partial<Proof>> {
  const report = await callFromPod(caller, url, {
    times: callsPerLink,
    deadlineMilliseconds: callDeadlineMilliseconds,
    totalMilliseconds: callsMilliseconds,
    alsoResolve: peer.way === "proxy" && peer.stack === undefined ? hostOf(peer.url) : undefined,
  });
  const answers = report.answers.flatMap((answer) => ("error" in answer ? [] : answer));
  const times = answers.map(({ milliseconds }) => milliseconds).sort((a, b) => a - b);
  const [first] = answers;
  // The network's policies may refuse a way back, which then looks like any refusal.
  const problem = (await loopProblem(outputs, report, peer, first)) ?? (await problemOf(caller, report, peer, rule));
  return {
    address: report.address,
    median: times[Math.floor(times.length / 2)],
    p99: times.at(-1),
    status: first?.status,
    answer: first && strangersText(first.body.toString("utf8")),
    problem: problem?.message,
    hop: problem?.hop,
  };
}

async function problemOf(
  caller: Caller,
  report: CallReport,
  peer: PeerOutput,
  rule: AnswerRule,
): Promise<LinkProblem | undefined> {
  const seen = diagnose(report, peer, rule);
  const isProxys = report.answers.some((answer) => "status" in answer && answer.status >= 500);
  if (seen === undefined || peer.way !== "proxy" || peer.url === undefined || !isProxys) return seen;
  // The proxy's status alone does not tell why it can't reach its target: 500 may also stand for a failure of TLS.
  const labels = `app.kubernetes.io/name=${peer.alias},app.kubernetes.io/component=proxy`;
  const args = ["--namespace", peer.namespace, "logs", `--selector=${labels}`, "--tail=20", "--since=30s"];
  const { stdout } = await tryKubectl(caller, args);
  return diagnoseProxy(stdout, peer.url) ?? seen;
}

/**
 * Whether a link leads back into the cluster that calls. Only a `url` may, since a file says it, and nobody
 * else knows where it leads.
 */
async function loopProblem(
  outputs: StackOutputs,
  report: CallReport,
  peer: PeerOutput,
  first: Answer | undefined,
): Promise<LinkProblem | undefined> {
  if (peer.stack !== undefined) return undefined;
  const remedy = "write the url of another, or call the service by its own name";
  const identity = first && parseIdentity(first.body.toString("utf8"));
  const own = outputs.services.find(({ prove }) => {
    const expected = prove?.identity;
    return identity !== undefined && typeof expected === "object" && sameIdentity(identity, expected);
  });
  if (own !== undefined) {
    const message = `${peer.url} leads back here: ${own.namespace}/${own.name} of this stack itself answers: ${remedy}`;
    return { hop: "loop", message };
  }
  const address = peer.way === "proxy" ? (report.alsoAddress ?? hostOf(peer.url)) : targetAddress(report, peer);
  const isOwn = address !== undefined && (await nodeAddresses(targetOf(outputs))).includes(address);
  return isOwn
    ? { hop: "loop", message: `${peer.url} leads back here: ${address} is this cluster's own node: ${remedy}` }
    : undefined;
}

/** An alias of an address resolves to the Service's own. */
const targetAddress = ({ address }: CallReport, { way, url }: PeerOutput): string | undefined =>
  way === "endpoints" ? hostOf(url) : address;

const hostOf = (url: string | undefined): string | undefined =>
  url === undefined ? undefined : new URL(url).hostname.replace(/^\[|\]$/g, "");

/** The addresses of a cluster's nodes. */
async function nodeAddresses(target: KubectlTarget): Promise<string[]> {
  const path = '{.items[*].status.addresses[?(@.type=="InternalIP")].address}';
  const { stdout } = await tryKubectl(target, ["get", "nodes", `--output=jsonpath=${path}`]);
  return stdout.split(" ");
}
