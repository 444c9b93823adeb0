import type { Change, ObjectDrift, ObjectName } from "./drift.ts";

/** A step of a JSON patch (RFC 6902). */
export interface RemoveStep {
  op: "remove";
  path: string;
}

/** What has to be removed from an object. */
export interface Removal {
  object: ObjectName;
  patch: RemoveStep[];
}

/**
 * What was added to objects, and has to be removed for Pulumi to restore them. Pulumi only sets the fields that the
 * program asks for: it leaves what others added elsewhere, and doesn't see items at the end of a list.
 */
export const additionsIn = (objects: readonly ObjectDrift[]): Removal[] =>
  objects.flatMap((drift) => {
    if (drift.became === "deleted") return [];
    const patch = removeSteps(drift.changes);
    return patch.length === 0 ? [] : [{ object: drift.object, patch }];
  });

/** The last item of a list first: a removal moves those that come after it. */
function removeSteps(changes: readonly Change[]): RemoveStep[] {
  const pointers = changes.flatMap(({ addedAt }) => addedAt ?? []);
  const inOrder = new Intl.Collator("en", { numeric: true });
  return pointers.toSorted((a, b) => inOrder.compare(b, a)).map((path) => ({ op: "remove", path }));
}
