import pLimit from "p-limit";
import type { StackFiles } from "../../config/read-stacks.ts";
import type { ServiceConfig } from "../../config/service-config.ts";
import { localStackName } from "../../config/stack-name.ts";
import { waitFor } from "../../host/wait.ts";
import type { PeerOutput, ServiceOutput, StackOutputs } from "../../stacks/outputs.ts";
import { type Known, linkRule, serviceInFile, serviceRule, linkedService } from "./link-rule.ts";
import { type Probes, withProbes } from "./probes.ts";
import type { Proof } from "./proof.ts";
import { proveLink } from "./prove-link.ts";
import { proveAtIngress, proveInCluster } from "./prove-service.ts";

/**
 * How long services and links may take after an update, unless their file says more: not every node knows a new pod at
 * once.
 */
const proofDeadlineSeconds = 60;

/** How many services of a stack are proved at once: one may need a pod that calls it. */
const provedAtOnce = 4;

/** How long a service may take until it answers. */
export const proofSeconds = (service: ServiceConfig | undefined): number =>
  Math.max(proofDeadlineSeconds, service?.progressDeadlineSeconds ?? 0);

/**
 * Proves what a stack that was just brought up promises: its services, and every alias from inside its cluster.
 *
 * @param failed the stacks that could not be brought up: a link to one of them is tried only once
 */
export async function proveStack(
  stack: string,
  outputs: StackOutputs,
  files: StackFiles,
  failed: ReadonlySet<string> = new Set(),
): Promise<Proof[]> {
  // Its own outputs have what its peers' stacks answered by when it looked them up.
  const known = { ...files, outputs: new Map<string, StackOutputs>() };
  return withProbes(async (probes) => {
    const isLost = ({ stack: peer }: PeerOutput) =>
      peer !== undefined && failed.has(localStackName(peer, files.project) ?? "");
    const deadlineSeconds = (peer: PeerOutput) => (isLost(peer) ? 0 : proofSeconds(linkedService(peer, files)));
    const proofs = await Promise.all([
      proveServices(stack, outputs, files, probes),
      proveLinks(stack, outputs, known, probes, deadlineSeconds),
    ]);
    return proofs.flat();
  });
}

/**
 * Calls every alias of a stack from inside its cluster. An answer other than the peer's is a failure.
 *
 * @param deadlineSeconds how long a link that fails is tried again. @default once
 */
export async function proveLinks(
  stack: string,
  outputs: StackOutputs,
  known: Known,
  probes: Probes,
  deadlineSeconds: (peer: PeerOutput) => number = () => 0,
): Promise<Proof[]> {
  const proofs: Proof[] = [];
  for (const peer of outputs.peers) {
    if (peer.url === undefined) continue;
    const rule = linkRule(stack, peer, known);
    proofs.push(await provedInTime(() => proveLink(outputs, peer, rule, probes), deadlineSeconds(peer)));
  }
  return proofs;
}

/** Proves services from the host where an ingress leads to them, and the others where their file says how. */
async function proveServices(
  stack: string,
  outputs: StackOutputs,
  files: StackFiles,
  probes: Probes,
): Promise<Proof[]> {
  const prove = async (service: ServiceOutput): Promise<Proof[]> => {
    const rule = serviceRule(stack, service, files);
    const config = serviceInFile(stack, service, files);
    const seconds = proofSeconds(config);
    if (service.ingress !== undefined) {
      return [await provedInTime(() => proveAtIngress(stack, outputs, service, rule), seconds)];
    }
    // Where its file does not say what it answers, it may speak another protocol than HTTP.
    if (config?.prove === undefined) return [];
    return [await provedInTime(() => proveInCluster(outputs, service, rule, probes), seconds)];
  };
  return (await pLimit(provedAtOnce).map(outputs.services, prove)).flat();
}

/** Tries again until a proof succeeds or the deadline has passed. Returns the last proof. */
async function provedInTime(prove: () => Promise<Proof>, deadlineSeconds: number): Promise<Proof> {
  if (deadlineSeconds === 0) return prove();
  let last: Proof | undefined;
  const attempt = async () => {
    last = await prove();
    if (last.problem !== undefined) throw new Error(last.problem);
    return last;
  };
  return waitFor("a proof", deadlineSeconds, attempt).catch((error: unknown) => {
    if (last === undefined) throw error;
    return last;
  });
}
