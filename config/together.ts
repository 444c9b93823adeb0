import { controlPlaneName } from "./cluster-config.ts";
import type { StackConfig } from "./stack-config.ts";

/**
 * The stacks of this project that one command brings up side by side, for the program, which runs once for each. With
 * plain `pulumi` it is not set: then a stack finds what its peers' stacks were last brought up with.
 */
const togetherVariable = "FLEET_TOGETHER";

/** Has the program know which stacks are brought up together. */
export function bringUpTogether(stacks: readonly string[]): void {
  process.env[togetherVariable] = stacks.join(",");
}

/** The stacks that are brought up together; empty with plain `pulumi`. */
export const broughtUpTogether = (): string[] => (process.env[togetherVariable] ?? "").split(",").filter(Boolean);

/** Where other clusters reach a stack's ingress. */
export const exposedUrlOf = ({ cluster, exposedUrl }: Pick<StackConfig, "cluster" | "exposedUrl">): string =>
  exposedUrl ?? `http://${controlPlaneName(cluster.name)}`;
