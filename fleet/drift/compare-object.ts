import { isDeepStrictEqual } from "node:util";
import { isPlainObject } from "../../host/plain-object.ts";
import type { Change } from "./drift.ts";
import { below, type JsonPointer } from "./json-pointer.ts";

/** An object as Pulumi recorded it: what the program asked for, and what the API server made of it. */
export interface RecordedContent {
  inputs: Record<string, unknown>;
  outputs: Record<string, unknown>;
}

/** A place in both versions of an object. */
interface Place {
  path: string;
  pointer: JsonPointer;
}

/** What is written by the API server and by controllers, or is compared on its own. */
const othersFields = ["apiVersion", "kind", "metadata", "status"];

/** Fields outside of these that controllers write in objects of ours. */
const fieldsOfControllers: Readonly<Record<string, readonly string[]>> = {
  // Kubernetes' own controller of tokens, and those that provide access to registries.
  ServiceAccount: ["secrets", "imagePullSecrets"],
};

/** The key by which Pulumi marks a value in the state that it has encrypted. */
const secretMark = "4dabf18193072939515e22adb298388d";

/**
 * Finds what was changed in an object since it was applied.
 *
 * The whole object is ours, as it was recorded with the API server's defaults, except for its status, and for labels and
 * annotations that the program did not ask for. These may come from anybody.
 *
 * @param ignored paths that are left to others, such as `spec.replicas`
 */
export function compareObject(
  { inputs, outputs }: RecordedContent,
  live: Record<string, unknown>,
  ignored: readonly string[] = [],
): Change[] {
  const kind = String(live.kind);
  const skipped = [...othersFields, ...(fieldsOfControllers[kind] ?? [])];
  const changes = [
    ...compareMetadata(inputs.metadata, outputs.metadata, live.metadata, { path: "metadata", pointer: "/metadata" }),
    ...compareValues(without(outputs, skipped), without(live, skipped), { path: "", pointer: "" }, inputs),
  ];
  return changes.filter(({ path }) => !ignored.includes(path));
}

/** Compares the labels and annotations that the program asked for. */
function compareMetadata(asked: unknown, was: unknown, now: unknown, { path, pointer }: Place): Change[] {
  return ["labels", "annotations"].flatMap((part) => {
    const keys = Object.keys(asObject(asObject(asked)[part]));
    const [before, after] = [asObject(asObject(was)[part]), asObject(asObject(now)[part])];
    const place = { path: `${path}.${part}`, pointer: below(pointer, part) };
    return keys.flatMap((key) => compareValues(before[key], after[key], keyIn(place, key)));
  });
}

/** @param asked what the program asked for at this place. @default nothing */
function compareValues(was: unknown, now: unknown, place: Place, asked?: unknown): Change[] {
  if (isAbsent(was) && isAbsent(now)) return [];
  if (isSecret(was)) return isAbsent(now) ? [{ path: place.path, was: "a secret" }] : [];
  if (isAbsent(was)) return [{ path: place.path, now, addedAt: place.pointer }];
  if (isAbsent(now)) return [{ path: place.path, was }];
  if (isPlainObject(was) && isPlainObject(now)) return compareMaps(was, now, place, asked);
  if (Array.isArray(was) && Array.isArray(now)) return compareLists(was, now, place, asked);
  return isDeepStrictEqual(was, now) ? [] : [{ path: place.path, was, now }];
}

function compareMaps(
  was: Record<string, unknown>,
  now: Record<string, unknown>,
  place: Place,
  asked: unknown,
): Change[] {
  const keys = new Set([...Object.keys(was), ...Object.keys(now)]);
  return [...keys].flatMap((key) => {
    const [inner, askedInner] = [keyIn(place, key), asObject(asked)[key]];
    // A pod template's metadata: `kubectl rollout restart` writes an annotation there.
    return key === "metadata"
      ? compareMetadata(askedInner, was[key], now[key], inner)
      : compareValues(was[key], now[key], inner, askedInner);
  });
}

/** Compares the items of lists by their names, where all have one; otherwise by their order. */
function compareLists(was: unknown[], now: unknown[], place: Place, asked: unknown): Change[] {
  const askedItems = Array.isArray(asked) ? (asked as unknown[]) : [];
  const [before, after] = [byName(was), byName(now)];
  if (before === undefined || after === undefined) {
    return Array.from({ length: Math.max(was.length, now.length) }, (_, index) =>
      compareValues(was[index], now[index], itemIn(place, index, index), askedItems[index]),
    ).flat();
  }
  const askedByName = byName(askedItems);
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((name) => {
    const index = now.findIndex((item) => asObject(item).name === name);
    const inner = itemIn(place, name, index);
    return compareValues(before.get(name), after.get(name), inner, askedByName?.get(name));
  });
}

/** A list's items by their names; undefined unless each has a name of its own. */
function byName(list: readonly unknown[]): Map<string, unknown> | undefined {
  const named = new Map<string, unknown>();
  for (const item of list) {
    const { name } = asObject(item);
    if (typeof name !== "string" || named.has(name)) return undefined;
    named.set(name, item);
  }
  return named;
}

/** A key of a map, as `spec.replicas` or `metadata.labels["example.com/team"]`. */
const keyIn = ({ path, pointer }: Place, key: string): Place => {
  const dotted = path === "" ? key : `${path}.${key}`;
  return { path: /^[\w-]+$/.test(key) ? dotted : `${path}[${JSON.stringify(key)}]`, pointer: below(pointer, key) };
};

const itemIn = ({ path, pointer }: Place, shown: string | number, index: number): Place => ({
  path: `${path}[${shown}]`,
  pointer: below(pointer, index),
});

const isAbsent = (value: unknown): value is undefined | null => value === undefined || value === null;

const isSecret = (value: unknown): boolean => isPlainObject(value) && secretMark in value;

const asObject = (value: unknown): Record<string, unknown> => (isPlainObject(value) ? value : {});

const without = (object: Record<string, unknown>, keys: readonly string[]) =>
  Object.fromEntries(Object.entries(object).filter(([key]) => !key.startsWith("__") && !keys.includes(key)));
