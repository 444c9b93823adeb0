/** A place in a JSON document, as RFC 6901 writes it: `/spec/ingress/0`. */
export type JsonPointer = string;

/** The place of a key or an index below another place. */
export const below = (parent: JsonPointer, step: string | number): JsonPointer =>
  `${parent}/${String(step).replaceAll("~", "~0").replaceAll("/", "~1")}`;
