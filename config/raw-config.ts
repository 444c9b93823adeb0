/** Keys and values, as written. */
export type Block = Readonly<Record<string, unknown>>;

/** A block of a list, as written, with its place. */
export interface Item {
  at: readonly [section: string, index: number];
  value: Block;
}

/** Whether a value is keys and values, rather than a list or anything single. */
export const isBlock = (value: unknown): value is Block =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A value's keys, or none when it isn't a block. */
export const record = (value: unknown): Block => (isBlock(value) ? value : {});

/** The blocks under a key; what else is there counts as an empty one. */
export function items(raw: unknown, section: string): Item[] {
  const list: unknown = record(raw)[section];
  if (!Array.isArray(list)) return [];
  return list.map((value: unknown, index) => ({ at: [section, index], value: record(value) }));
}
