import { hasSupervisor } from "./dev-mode.ts";
import { isReady, type Pod, waitingReason } from "./pod.ts";
import type { Code, SupervisorWord } from "./pod-link.ts";

/** A pod that does not serve what it should, and why. */
export interface PodProblem {
  /** The pod's name. */
  pod: string;
  reason: string;
}

/** How new code or a new image arrived in a cluster. */
export type Delivery =
  /** Every pod serves it. */
  | { pods: number }
  /** Some don't. */
  | { failures: PodProblem[] }
  /** The cluster can't be reached, and gets it once it can. */
  | "away"
  /** Something newer came before. */
  | "superseded";

/** What a source's pods have to run. */
export interface Wanted {
  /** @default whatever they have */
  code?: Code;
  /** By digest. @default whatever they have */
  image?: string;
}

/** A pod, and what its supervisor said of some code. */
export interface PodState {
  pod: Pod;
  wordOf: (version: string) => SupervisorWord | undefined;
}

/** What pods are judged by. */
export interface Demand extends Wanted {
  /** Whether they must have a supervisor, to which new code can be sent. @default false */
  swap?: boolean;
  /** Whether they must have none. @default false */
  plain?: boolean;
}

/** Tells the pods that serve what is wanted from those that may yet, and those that won't. */
export function judge(states: readonly PodState[], demand: Demand) {
  const waiting: PodProblem[] = [];
  const failures: PodProblem[] = [];
  for (const state of states) {
    const { name } = state.pod.metadata;
    const word = demand.code && state.wordOf(demand.code.version);
    if (word?.dev === "failed") failures.push({ pod: name, reason: word.reason ?? "it failed" });
    else if (!serves(state.pod, word, demand)) {
      waiting.push({ pod: name, reason: waitingReason(state.pod) ?? "it does not serve yet" });
    }
  }
  return { pods: states.length, waiting, failures };
}

function serves(
  pod: Pod,
  word: SupervisorWord | undefined,
  { code, image, swap = false, plain = false }: Demand,
): boolean {
  if (image !== undefined && pod.spec.containers[0]?.image !== image) return false;
  if (swap && !hasSupervisor(pod)) return false;
  if (plain && hasSupervisor(pod)) return false;
  return code === undefined ? isReady(pod) : word?.dev === "serving";
}
