import { isPlainObject } from "../../host/plain-object.ts";

/** What Pulumi's engine sends for a value that is not known yet. */
const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
/** An object in which this key has the signature is a wrapper around a secret `value`. */
const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

/** True for a value that is known only after another resource has been created. */
export const isUnknown = (value: unknown): boolean => value === unknownValue;

/** The value without the wrappers of secrets, at any depth. Outputs must keep them, or secrets would be shown. */
export function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (!isPlainObject(value)) return value;
  if (value[signatureKey] === secretSignature) return plain(value.value);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}

/** The type of a URN's resource, without its parents' types. */
export function typeOf(urn: string): string {
  return urn.split("::")[2]?.split("$").at(-1) ?? "";
}
