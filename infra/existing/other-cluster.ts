import { downCommand } from "../../config/wording.ts";
import type { ExistingClusterInputs } from "./provider.ts";

/** A cluster, as a context led to it. */
type Reached = Pick<ExistingClusterInputs, "context" | "server" | "uid" | "stack">;

/** Why a cluster is not the one that a stack is on, and what to do; undefined when it is. */
export function otherClusterRefusal(
  was: Reached,
  now: Pick<Reached, "context" | "server" | "uid">,
): string | undefined {
  if (was.uid === now.uid) return undefined;
  return (
    `the context "${now.context}" leads to another cluster than stack ${was.stack} is on: its namespace kube-system has ` +
    `the uid ${now.uid} at ${now.server}, and that one's has ${was.uid}, reached at ${was.server} by the context ` +
    `"${was.context}". Nothing was changed. Have the context lead there again. To move the stack: take it down there ` +
    `first. If that cluster is gone for good: ${downCommand(was.stack, "--forget")}`
  );
}
