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

/**
 * Whether an object is a stack's: it carries the fleet's mark, or that of the lost state which the stack was taken over
 * from, whose objects with random names nothing else knows.
 */
export function isOfStack(object: MarkedObject, us: OwnerFacts): boolean {
  const owner = ownerOfObject(object);
  if (owner === undefined) return false;
  return owner.fleet === us.fleet || (owner.project === us.project && owner.stack === us.stack);
}

/** Who made an object; undefined when it is no stack's. */
export function ownerOfObject({ metadata: { labels = {}, annotations = {} } }: MarkedObject): OwnerFacts | undefined {
  const fleet = labels[fleetLabel];
  if (fleet === undefined) return undefined;
  const { project, stack } = ownerAnnotations;
  return { fleet, project: annotations[project] ?? "", stack: annotations[stack] ?? "" };
}
