import { isPlainObject } from "../host/plain-object.ts";

/** A stack's configuration as written: keys without the project's prefix, and any values. */
export type RawConfig = Record<string, unknown>;

/** Keys and values, as written. */
export type Block = Readonly<Record<string, unknown>>;

/** An entry of a list, as written, with its place. */
export interface Item {
  at: readonly [section: string, index: number];
  value: Block;
}

/** The parts of a stack's configuration that checks between values look at. What is of the wrong kind is empty. */
export interface ConfigParts {
  cluster: Block;
  services: Item[];
  peers: Item[];
  exposedUrl: unknown;
}

/** The parts of a configuration as written. */
export const partsOf = (raw: unknown): ConfigParts => ({
  cluster: blockOf(blockOf(raw).cluster),
  services: itemsOf(raw, "services"),
  peers: itemsOf(raw, "peers"),
  exposedUrl: blockOf(raw).exposedUrl,
});

/** The value as keys and values; an empty block when it is anything else. */
export const blockOf = (value: unknown): Block => (isPlainObject(value) ? value : {});

/** The entries of the list under a key, each as a block. Empty when it is no list. */
function itemsOf(raw: unknown, section: string): Item[] {
  const list: unknown = blockOf(raw)[section];
  if (!Array.isArray(list)) return [];
  return list.map((value: unknown, index) => ({ at: [section, index], value: blockOf(value) }));
}

/** The sections that are lists. */
const listSections = new Set(["services", "peers"]);

/**
 * The project's part of the configuration that Pulumi hands to a program (`runtime.allConfig()`), in the form that
 * the stack file has.
 */
export function rawFromRuntime(all: Readonly<Record<string, string>>, project: string): RawConfig {
  const own = Object.entries(all).filter(([key]) => key.startsWith(`${project}:`));
  return Object.fromEntries(
    own.map(([fullKey, text]) => {
      const key = fullKey.slice(project.length + 1);
      return [key, structured(key, text)];
    }),
  );
}

/**
 * A value under a key at the top, where it may be written as JSON: `pulumi config set` does so with objects and lists,
 * and Pulumi hands all of them to the program in this form, an empty list as empty text.
 */
export function structured(key: string, value: unknown): unknown {
  if (typeof value !== "string") return value;
  return value === "" && listSections.has(key) ? [] : parseJson(value);
}

/** Text that isn't JSON stays as it is: the checks report it. */
function parseJson(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
