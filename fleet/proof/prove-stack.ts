import type { StackFiles } from "../../config/read-stacks.ts";
import { isWholeSite } from "../../config/stack-config.ts";
import { waitFor } from "../../host/wait.ts";
import { type Identity, identityPath } from "../../service/src/identity.ts";
import type { StackOutputs } from "../../stacks/outputs.ts";
import { identityAt, identityProblem, linkExpectation } from "./expected-identity.ts";
import { callDeadlineMilliseconds, type Proof } from "./proof.ts";
import { proveLink } from "./prove-link.ts";

/** How long the ingress and the links may take after an update: not every node knows a new pod at once. */
const proofDeadlineSeconds = 60;

/** Proves what a stack promises to others: its ingress from the host, and every alias from inside a pod. */
export async function proveStack(stack: string, outputs: StackOutputs, files: StackFiles): Promise<Proof[]> {
  const ingress = await provedInTime(() => proveIngress(outputs, identityAt(files, stack)), proofDeadlineSeconds);
  const links = await proveLinks(stack, outputs, files, proofDeadlineSeconds);
  return ingress === undefined ? links : [ingress, ...links];
}

/**
 * Calls every alias of a stack from inside one of its pods. An answer from anyone but the peer is a failure.
 *
 * @param deadlineSeconds how long a link that fails is tried again. @default 0: once
 */
export async function proveLinks(
  stack: string,
  outputs: StackOutputs,
  files: StackFiles,
  deadlineSeconds = 0,
): Promise<Proof[]> {
  const proofs: Proof[] = [];
  for (const peer of outputs.peers) {
    if (peer.url === undefined) continue;
    const expectation = linkExpectation(stack, peer, files);
    proofs.push(await provedInTime(() => proveLink(outputs, peer, expectation), deadlineSeconds));
  }
  return proofs;
}

/** Tries again until a proof succeeds or the deadline has passed. Returns the last proof. */
async function provedInTime<T extends Proof | undefined>(prove: () => Promise<T>, deadlineSeconds: number): Promise<T> {
  let last = await prove();
  if (last?.problem === undefined || deadlineSeconds === 0) return last;
  const attempt = async () => {
    last = await prove();
    if (last?.problem !== undefined) throw new Error(last.problem);
  };
  await waitFor("a proof", deadlineSeconds, attempt).catch(() => undefined);
  return last;
}

/** Undefined when no service has the whole of the ingress's traffic, so that no answer is promised. */
async function proveIngress(
  { url, services }: StackOutputs,
  expected: Identity | undefined,
): Promise<Proof | undefined> {
  if (!services.some(({ ingress }) => isWholeSite(ingress))) return undefined;
  const proof = { what: url + identityPath, from: "localhost" };
  try {
    const response = await fetch(proof.what, { signal: AbortSignal.timeout(callDeadlineMilliseconds) });
    const { status } = response;
    const answer = (await response.text()).trim();
    const problem = identityProblem({ status, body: answer }, expected);
    return { ...proof, status, answer, problem, hop: problem === undefined ? undefined : "identity" };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return { ...proof, problem: cause instanceof Error ? cause.message : String(cause), hop: "target" };
  }
}
