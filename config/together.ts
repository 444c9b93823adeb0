import { controlPlaneName, madeHere } from "./cluster-config.ts";
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

/** Where other clusters reach a stack's ingress; undefined where only the cluster itself can tell. */
export function exposedUrlOf({ cluster, exposedUrl }: Pick<StackConfig, "cluster" | "exposedUrl">): string | undefined {
  const name = madeHere(cluster);
  return exposedUrl ?? (name === undefined ? undefined : `http://${controlPlaneName(name)}`);
}

/** The authority that signed the certificate of a stack's exposed URL; undefined: a publicly trusted one, or there is none. */
export const exposedAuthorityOf = ({ cluster }: Pick<StackConfig, "cluster">): string | undefined =>
  "context" in cluster && typeof cluster.ingress === "object" ? cluster.ingress.caCertificate : undefined;
