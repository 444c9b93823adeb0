import type { KubectlTarget } from "../../host/kubectl.ts";
import type { RecordedCluster } from "../../infra/cluster/recorded-cluster.ts";
import type { StackState } from "../state/read-resources.ts";
import { compareObjects } from "./compare.ts";
import type { Drift } from "./drift.ts";
import { liveObjects } from "./live-objects.ts";
import type { LeftToOthers } from "./left-to-others.ts";
import { lostImages } from "./lost-images.ts";
import { recordedIn } from "./recorded.ts";

/** What a look at what stands found. */
export interface Look {
  /** Undefined when the state has none. */
  cluster?: RecordedCluster;
  /**
   * `looked`: the drift is known; `new`: the state has no cluster, or another one than stands, and Pulumi makes everything
   * in it; `stopped`: the cluster must be started first, or there is no Docker engine.
   */
  state: "looked" | "new" | "stopped";
  /** Empty unless it was looked for. */
  drift: Drift;
}

const none: Drift = { objects: [], images: [] };

/**
 * Compares what stands with what Pulumi recorded when it last applied a stack: the Kubernetes objects, and the images in
 * the registry. Pulumi itself looks at the containers, by their providers' diffs.
 *
 * Changes nothing, and starts neither Pulumi nor the program.
 *
 * @param state of the stack
 * @param left what is left to others, and not compared. @default nothing
 * @param access how a cluster that others made is found by now. @default as the state says
 * @throws Error when the cluster runs, and its API server does not answer in time
 */
export async function driftOf(
  { resources }: Pick<StackState, "resources">,
  left?: LeftToOthers,
  access?: KubectlTarget,
): Promise<Look> {
  const { cluster, objects, images } = recordedIn(resources, access);
  if (cluster === undefined) return { state: "new", drift: none };
  const { state, hasRegistry } = await cluster.look();
  if (state !== "there") return { cluster, state, drift: none };
  const pushed = hasRegistry ? images : [];
  const [live, lost] = await Promise.all([liveObjects(cluster, objects), lostImages(pushed)]);
  return { cluster, state: "looked", drift: { objects: compareObjects(objects, live, left), images: lost } };
}
