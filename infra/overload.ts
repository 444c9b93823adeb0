import type { Problem } from "../config/config-error.ts";
import type { StackConfig } from "../config/stack-config.ts";
import { capacityProblems, type Machine } from "./kind/capacity.ts";

/** What of a stack could not be scheduled in its cluster. Of one that others made, its own scheduler says it. */
export function overloadOf(
  { cluster, services, peers }: StackConfig,
  machine: Machine,
  exposedUrlOf?: (stack: string) => string | undefined,
): Problem[] {
  return "context" in cluster ? [] : capacityProblems({ cluster, services, peers }, machine, exposedUrlOf);
}
