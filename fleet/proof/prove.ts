import pRetry from "p-retry";
import { localStackName } from "../../config/stack-name.ts";
import { diagnose, diagnoseTarget, type LinkProblem } from "./diagnosis.ts";
import { caller } from "../commands/call.ts";
import { UserError } from "../user-error.ts";
import { type Identity, identityOf, parseIdentity } from "./expected-identity.ts";
import type { FleetOutputs } from "../state/read-outputs.ts";
import type { StackFiles } from "../../config/read-stacks.ts";
import { type Caller, callFromPod } from "./call-from-pod.ts";

/** What was seen of an address that the stack promises. */
export interface Proof {
  /** The URL that was called. */
  what: string;
  /** From where: `localhost`, or the pod's Deployment and cluster. */
  from: string;
  /** The alias, of a link. */
  alias?: string;
  /** How a link is made. */
  way?: string;
  /** Where a link leads. */
  target?: string;
  /** What the name resolved to, in the pod. */
  address?: string;
  status?: number;
  /** The body of the answer, which names who gave it. */
  answer?: string;
  /** Milliseconds of 20 calls over one connection. */
  median?: number;
  p99?: number;
  /** What is wrong. @default nothing */
  problem?: string;
  /** At which hop. */
  hop?: LinkProblem["hop"];
}

/** Seconds that the ingress and the links have to answer, after an update: a new pod is not known everywhere at once. */
const deadline = 60;

/** Calls each link of a link's proof. */
const calls = 20;

/** Proves what a stack promises to others: its ingress from the host, and every alias from inside a pod. */
export async function proveStack(stack: string, outputs: FleetOutputs, files: StackFiles): Promise<Proof[]> {
  const host = await provedInTime(() => proveIngress(outputs, files.configs.get(stack) && identityOf(files, stack)));
  return [...(host ? [host] : []), ...(await proveLinks(stack, outputs, files, deadline))];
}

/**
 * Calls every alias of a stack from inside one of its pods. 200 from anyone but the peer is a failure.
 *
 * @param seconds how long a link that fails is tried again. @default 0: once
 */
export async function proveLinks(
  stack: string,
  outputs: FleetOutputs,
  files: StackFiles,
  seconds = 0,
): Promise<Proof[]> {
  const proofs: Proof[] = [];
  for (const peer of outputs.peers) {
    if (peer.url === undefined) continue;
    const local = peer.stack === undefined ? undefined : localStackName(peer.stack, files.project);
    const config = files.configs
      .get(stack)
      ?.peers.find(({ alias, namespace }) => alias === peer.alias && namespace === peer.namespace);
    const expected = config?.expect ?? (local === undefined ? undefined : identityOf(files, local));
    proofs.push(await provedInTime(() => proveLink(outputs, peer, expected, config?.caCertificate), seconds));
  }
  return proofs;
}

/** Tries again until a proof holds, or time is up; the last one tells why. */
async function provedInTime<T extends Proof | undefined>(prove: () => Promise<T>, seconds = deadline): Promise<T> {
  let last = await prove();
  if (last?.problem === undefined || seconds === 0) return last;
  const attempt = async () => {
    last = await prove();
    if (last?.problem !== undefined) throw new Error(last.problem);
  };
  await pRetry(attempt, {
    retries: Number.POSITIVE_INFINITY,
    minTimeout: 300,
    maxTimeout: 3000,
    signal: AbortSignal.timeout(seconds * 1000),
  }).catch(() => undefined);
  return last;
}

async function proveIngress(
  { url, services }: FleetOutputs,
  expected: Identity | undefined,
): Promise<Proof | undefined> {
  if (!services.some(({ ingress }) => ingress?.path === "/" && ingress.host === undefined)) return undefined;
  const proof = { what: `${url}/cluster`, from: "localhost" };
  try {
    const response = await fetch(proof.what, { signal: AbortSignal.timeout(5000) });
    const answer = (await response.text()).trim();
    return { ...proof, status: response.status, answer, ...wrongIdentity(answer, response.status, expected) };
  } catch (failure) {
    const cause = failure instanceof Error && failure.cause instanceof Error ? failure.cause : failure;
    return { ...proof, problem: cause instanceof Error ? cause.message : String(cause), hop: "target" };
  }
}

async function proveLink(
  outputs: FleetOutputs,
  peer: FleetOutputs["peers"][number],
  expected: Identity | undefined,
  ca?: string,
): Promise<Proof> {
  const what = `http://${peer.alias}.${peer.namespace}.svc.cluster.local/cluster`;
  const link = {
    what,
    from: outputs.context,
    alias: `${peer.namespace}/${peer.alias}`,
    way: peer.way,
    ...(peer.url !== undefined && { target: peer.url }),
  };
  try {
    const from = caller(outputs);
    return {
      ...link,
      from: `${from.namespace}/${from.deployment} in ${from.context}`,
      ...(await look(from, what, peer, expected, ca)),
    };
  } catch (failure) {
    if (failure instanceof UserError) return { ...link, problem: failure.message, hop: "caller" };
    throw failure;
  }
}

/** What a pod sees of a link. @throws UserError when no pod could call */
async function look(
  from: Caller,
  what: string,
  peer: FleetOutputs["peers"][number],
  expected: Identity | undefined,
  ca?: string,
): Promise<Partial<Proof>> {
  const report = await callFromPod(from, what, { times: calls, deadline: 5000 });
  const [first] = report.answers;
  const answered = report.answers
    .flatMap((answer) => ("error" in answer ? [] : answer.milliseconds))
    .sort((a, b) => a - b);
  const proof: Partial<Proof> = {
    ...(report.address !== undefined && { address: report.address }),
    ...(answered.length > 0 && { median: answered[Math.floor(answered.length / 2)], p99: answered.at(-1) }),
  };
  if (first !== undefined && !("error" in first)) {
    const answer = first.body.trim();
    Object.assign(proof, { status: first.status, answer });
  }
  const seen = diagnose(report, peer, expected);
  const problem =
    seen !== undefined && peer.way === "proxy" && proof.status !== 200
      ? ((await behindProxy(peer, from, ca)) ?? seen)
      : seen;
  return problem === undefined ? proof : { ...proof, problem: problem.message, hop: problem.hop };
}

/** A proxy's own status says little: a call past it tells at which hop its target fails, if it does. */
async function behindProxy(
  { url }: FleetOutputs["peers"][number],
  from: Caller,
  ca?: string,
): Promise<LinkProblem | undefined> {
  if (url === undefined) return undefined;
  const report = await callFromPod(from, `${url}/cluster`, { deadline: 5000, ...(ca !== undefined && { ca }) });
  return diagnoseTarget(report, url);
}

function wrongIdentity(answer: string, status: number, expected: Identity | undefined): Partial<Proof> {
  const found = parseIdentity(answer);
  if (
    status === 200 &&
    found &&
    (expected === undefined || (found.name === expected.name && found.cluster === expected.cluster))
  )
    return {};
  const wish = expected ? `This is ${expected.name} in cluster ${expected.cluster}` : "an identity";
  return { problem: `expected ${wish}, got ${status} "${answer.slice(0, 200)}"`, hop: "identity" };
}
