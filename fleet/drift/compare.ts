import { compareObject } from "./compare-object.ts";
import type { ObjectDrift, ObjectName } from "./drift.ts";
import type { LeftToOthers } from "./left-to-others.ts";
import type { RecordedObject } from "./recorded.ts";

/** An object as the API server returns it, as far as it is read here. */
export interface LiveObject extends Record<string, unknown> {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    uid: string;
    resourceVersion?: string;
    /** When its deletion began. @default it is not being deleted */
    deletionTimestamp?: string;
    labels?: Record<string, string>;
  };
}

/** What tells an object from all others of a cluster. */
export const keyOf = ({ apiVersion, kind, namespace = "", name }: Omit<ObjectName, "urn">): string =>
  [apiVersion, kind, namespace, name].join("/");

/** Like {@link keyOf}, of an object that the API server returned. */
export const liveKeyOf = ({ apiVersion, kind, metadata: { namespace, name } }: LiveObject): string =>
  keyOf({ apiVersion, kind, namespace, name });

/** Objects of a cluster by {@link liveKeyOf}. */
export const byKey = (objects: readonly LiveObject[]): Map<string, LiveObject> =>
  new Map(objects.map((object) => [liveKeyOf(object), object]));

/**
 * Finds what became of a stack's objects since Pulumi last applied them. What is being deleted counts as deleted, and
 * with a namespace everything in it.
 *
 * @param live objects by {@link keyOf}
 * @param left what is not compared. @default everything is
 */
export function compareObjects(
  recorded: readonly RecordedObject[],
  live: ReadonlyMap<string, LiveObject>,
  left: LeftToOthers = () => [],
): ObjectDrift[] {
  const ending = namespacesBeingDeleted(live);
  return recorded.flatMap((object): ObjectDrift[] => {
    const name = nameOf(object);
    const found = live.get(keyOf(object));
    const terminating = found?.metadata.deletionTimestamp !== undefined;
    if (found === undefined || terminating || ending.has(object.namespace)) {
      return [{ object: name, became: "deleted", terminating }];
    }
    const changes = compareObject(object, found, left(name));
    if (found.metadata.uid !== object.uid) return [{ object: name, became: "remade", changes }];
    return changes.length === 0 ? [] : [{ object: name, became: "changed", changes }];
  });
}

function namespacesBeingDeleted(live: ReadonlyMap<string, LiveObject>): Set<string | undefined> {
  const namespaces = [...live.values()].filter(({ apiVersion, kind }) => apiVersion === "v1" && kind === "Namespace");
  const ending = namespaces.filter(({ metadata }) => metadata.deletionTimestamp !== undefined);
  return new Set(ending.map(({ metadata }) => metadata.name));
}

const nameOf = ({ urn, apiVersion, kind, namespace, name }: RecordedObject): ObjectName => ({
  urn,
  apiVersion,
  kind,
  namespace,
  name,
});
