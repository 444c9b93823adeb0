/** The label of everything of a stack's in a cluster that exists: the fleet's id, which the stack's state keeps. */
export const fleetLabel = "kind-fleet.fleet";

/** Annotations that say whose an object is, for people, and for a state that is lost. */
export const ownerAnnotations = { project: "kind-fleet.project", stack: "kind-fleet.stack" } as const;

/** Who made an object, as it says itself. */
export interface OwnerFacts {
  fleet: string;
  project: string;
  stack: string;
}

/** An object, as far as it says whose it is. */
interface MarkedObject {
  metadata: { labels?: Record<string, string>; annotations?: Record<string, string> };
}

/** Who made an object; undefined when it is no stack's. */
export function ownerOfObject({ metadata: { labels = {}, annotations = {} } }: MarkedObject): OwnerFacts | undefined {
  const fleet = labels[fleetLabel];
  if (fleet === undefined) return undefined;
  const { project, stack } = ownerAnnotations;
  return { fleet, project: annotations[project] ?? "", stack: annotations[stack] ?? "" };
}
