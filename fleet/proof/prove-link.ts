import { inClusterUrl } from "../../config/cluster-config.ts";
import { identityPath } from "../../service/src/identity.ts";
import type { PeerOutput, StackOutputs } from "../../stacks/outputs.ts";
import { UserError } from "../user-error.ts";
import { type Caller, callFromPod } from "./call-from-pod.ts";
import { callerOf } from "./caller.ts";
import { diagnose, diagnoseTarget, type LinkProblem } from "./diagnosis.ts";
import type { LinkExpectation } from "./expected-identity.ts";
import { callDeadlineMilliseconds, type Proof } from "./proof.ts";

/** How many times a link is called for its proof. */
const callsPerLink = 20;

/** Calls an alias from inside one of the stack's pods. An answer from anyone but the peer is a failure. */
export async function proveLink(outputs: StackOutputs, peer: PeerOutput, expectation: LinkExpectation): Promise<Proof> {
  const what = inClusterUrl(peer.alias, peer.namespace) + identityPath;
  const alias = `${peer.namespace}/${peer.alias}`;
  const link = { what, from: outputs.context, alias, way: peer.way, target: peer.url };
  try {
    const caller = callerOf(outputs);
    const from = `${caller.namespace}/${caller.deployment} in ${caller.context}`;
    return { ...link, from, ...(await callLink(caller, what, peer, expectation)) };
  } catch (error) {
    if (error instanceof UserError) return { ...link, problem: error.message, hop: "caller" };
    throw error;
  }
}

/** What a pod sees of a link. @throws UserError when the pod can't call */
async function callLink(
  caller: Caller,
  url: string,
  peer: PeerOutput,
  { identity, caCertificate }: LinkExpectation,
): Promise<Partial<Proof>> {
  const options = { times: callsPerLink, deadlineMilliseconds: callDeadlineMilliseconds };
  const report = await callFromPod(caller, url, options);
  const answers = report.answers.flatMap((answer) => ("error" in answer ? [] : answer));
  const times = answers.map(({ milliseconds }) => milliseconds).sort((a, b) => a - b);
  const [first] = answers;
  const seen = diagnose(report, peer, identity);
  // A proxy's own status says little: a direct call of its target shows at which hop that fails.
  const isHidden = seen !== undefined && peer.way === "proxy" && first?.status !== 200;
  const problem = isHidden ? ((await diagnosePastProxy(peer, caller, caCertificate)) ?? seen) : seen;
  return {
    address: report.address,
    median: times[Math.floor(times.length / 2)],
    p99: times.at(-1),
    status: first?.status,
    answer: first?.body.trim(),
    problem: problem?.message,
    hop: problem?.hop,
  };
}

async function diagnosePastProxy({ url }: PeerOutput, caller: Caller, ca?: string): Promise<LinkProblem | undefined> {
  if (url === undefined) return undefined;
  const options = { deadlineMilliseconds: callDeadlineMilliseconds, ca };
  return diagnoseTarget(await callFromPod(caller, url + identityPath, options), url);
}
