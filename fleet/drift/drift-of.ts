import { controlPlaneName } from "../../config/cluster-config.ts";
import { tryDocker } from "../../host/docker.ts";
import type { StackState } from "../state/read-resources.ts";
import { compareObjects } from "./compare.ts";
import type { Drift } from "./drift.ts";
import { liveObjects } from "./live-objects.ts";
import type { LeftToOthers } from "./left-to-others.ts";
import { lostImages } from "./lost-images.ts";
import { recordedIn } from "./recorded.ts";

/** What a look at what stands found. */
export interface Look {
  /** The kind cluster; undefined when the state has none. */
  cluster?: string;
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
 * @throws Error when the cluster runs, and its API server does not answer in time
 */
export async function driftOf({ resources }: Pick<StackState, "resources">, left?: LeftToOthers): Promise<Look> {
  const { cluster, registry, objects, images } = recordedIn(resources);
  if (cluster === undefined) return { state: "new", drift: none };
  const node = controlPlaneName(cluster.name);
  const containers = await listContainers(registry === undefined ? [node] : [node, registry.name]);
  const found = containers.get(node);
  const at = { cluster: cluster.name, drift: none };
  if (found?.id !== cluster.incarnation) return { ...at, state: containers.size === 0 ? "stopped" : "new" };
  if (!found.running) return { ...at, state: "stopped" };
  // A registry that is new or stopped is Pulumi's to see to, and the images with it.
  const pushed = containers.get(registry?.name ?? "")?.id === registry?.container ? images : [];
  const [live, lost] = await Promise.all([liveObjects(cluster.name, objects), lostImages(pushed)]);
  return { ...at, state: "looked", drift: { objects: compareObjects(objects, live, left), images: lost } };
}

/** The containers of these names, as far as there are any, and an engine answers. */
async function listContainers(names: readonly string[]): Promise<Map<string, { id: string; running: boolean }>> {
  const format = "{{.Name}} {{.Id}} {{.State.Status}}";
  const { stdout } = await tryDocker(["container", "inspect", "--format", format, ...names]);
  const lines = stdout.split("\n").filter(Boolean);
  return new Map(
    lines.map((line) => {
      const [name = "", id = "", status] = line.split(" ");
      return [name.replace(/^\//, ""), { id, running: status === "running" }];
    }),
  );
}
