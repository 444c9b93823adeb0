/** The object without the keys whose value is undefined, for where such a key would differ from an absent one. */
export const withoutUndefined = <T extends object>(object: T): T =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T;
