import type { Stack, UpOptions, UpResult } from "@pulumi/pulumi/automation/index.js";
import type { KubectlTarget } from "../../host/kubectl.ts";
import type { RecordedCluster } from "../../infra/cluster/recorded-cluster.ts";
import { readState } from "../state/read-resources.ts";
import { additionsIn } from "./additions.ts";
import { describeDrift, type Doing } from "./describe-drift.ts";
import { type Drift, isNone, urnsOf } from "./drift.ts";
import { driftOf, type Look } from "./drift-of.ts";
import type { LeftToOthers } from "./left-to-others.ts";
import { prepareHealing } from "./prepare-healing.ts";

/** What {@link bringUp} does. */
export interface BringUpOptions extends UpOptions {
  /** Shows a line about the stack. */
  say: (text: string) => void;
  /** Whether to bring back what was deleted or changed since the last update. @default true */
  heal?: boolean;
  /** What is left to others. @default nothing */
  left?: LeftToOthers;
  /** How a cluster that others made is found. @default as the state says */
  access?: KubectlTarget;
  /** What stands, as it was just looked at. */
  look: Look;
}

/**
 * Has Pulumi bring a stack up, and bring back what was deleted or changed since the last time. Without healing, what
 * differs is left alone, whatever the program asks of it.
 *
 * A cluster that was stopped can be looked at only once Pulumi has started it, so Pulumi then runs a second time if
 * something in it differs.
 */
export async function bringUp(
  stack: Stack,
  { say, heal = true, left, access, look, ...options }: BringUpOptions,
): Promise<UpResult> {
  const doing = heal ? "healing" : "leaving";
  describe(look, doing, say);
  if (heal && look.cluster !== undefined) await prepareHealing(look.cluster, look.drift, say);
  const result = await stack.up({ ...options, ...(heal ? undoing(look.drift, look.cluster) : leaving(look.drift)) });
  if (look.state !== "stopped") return result;

  const { cluster, drift } = await driftOf(await readState(stack), left, access);
  describe({ drift }, doing, say);
  if (!heal || cluster === undefined || isNone(drift)) return result;
  await prepareHealing(cluster, drift, say);
  return stack.up({ ...options, ...undoing(drift) });
}

/** Says what a look found. */
export function describe({ drift }: Pick<Look, "drift">, doing: Doing, say: (text: string) => void): void {
  for (const line of describeDrift(drift, doing)) say(line);
}

/** Options of `up` or `preview` that undo a drift. */
interface Undoing {
  refresh?: boolean;
  runProgram?: boolean;
  replace?: string[];
}

/** Options of `up` that undo a drift. @param cluster the one that was looked at */
export function undoing({ objects, images }: Drift, cluster?: Pick<RecordedCluster, "loginMayExpire">): Undoing {
  return {
    // Pulumi would ask with the login of the last update.
    runProgram: (objects.length > 0 && cluster?.loginMayExpire) || undefined,
    // Pulumi asks for everything anew, and so sees what is missing and what its fields are now.
    refresh: objects.length > 0 || undefined,
    replace: images.length > 0 ? images.map(({ urn }) => urn) : undefined,
  };
}

/**
 * Options of `preview` that show how a drift is undone. What was added, such as another port, is removed by `up` before
 * Pulumi runs, and Pulumi's preview can fail over it; it then shows only what the stack file changes.
 */
export function undoingInPreview(drift: Drift, cluster?: Pick<RecordedCluster, "loginMayExpire">): Undoing {
  const options = undoing(drift, cluster);
  return additionsIn(drift.objects).length > 0 ? { ...options, refresh: undefined, runProgram: undefined } : options;
}

/** Options of `up` that leave a drift as it is. */
export const leaving = (drift: Drift): { exclude?: string[] } => ({
  exclude: isNone(drift) ? undefined : urnsOf(drift),
});
