/** True for an object of keys and values, as opposed to a list, null or a single value. */
export const isPlainObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
