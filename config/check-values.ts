import { X509Certificate } from "node:crypto";
import { planLink, TargetError } from "./link-plan.ts";
import { show } from "./wording.ts";

/** What is wrong with a value, and what to write instead; undefined when nothing is. */
export type Fault = (value: unknown) => string | undefined;

/** Why a value that Pulumi encrypted is of no use here. */
export const encrypted = "is encrypted, and nothing here is secret: write it in plain";

/** A value of the wrong kind, or none. */
export function wrongKind(value: unknown, wanted: string, example: string): string {
  if (value === undefined) return `missing: write ${example}`;
  if (typeof value === "object" && value !== null && "secure" in value) return encrypted;
  return `${show(value)} is not ${wanted}: write ${example}`;
}

/** Text, with whatever else `fault` asks of it. */
export function text(example: string, fault: (value: string) => string | undefined = () => undefined): Fault {
  return (value) => {
    if (typeof value !== "string") return wrongKind(value, "text", example);
    return fault(value);
  };
}

/** The most that a number in Kubernetes' own specs holds. */
const highestInteger = 2 ** 31 - 1;

/** A whole number within bounds, both included. */
export function wholeNumber(least: number, most = highestInteger, why = ""): Fault {
  const bounds = most === highestInteger ? `, at least ${least}` : ` from ${least} to ${most}`;
  const wanted = `a whole number${bounds}${why}`;
  const within = (value: unknown) => Number.isInteger(value) && Number(value) >= least && Number(value) <= most;
  return (value) => {
    if (within(value)) return undefined;
    if (typeof value === "string" && /^\d+$/.test(value) && within(Number(value))) {
      return `${show(value)} is text: write ${Number(value)}, without quotes`;
    }
    return wrongKind(value, wanted, value === undefined ? wanted : "one that is");
  };
}

/** One of a few words. */
export function oneOf(words: readonly string[]): Fault {
  const choice = words.map((word) => show(word)).join(" or ");
  return (value) =>
    words.some((word) => word === value) ? undefined : `${show(value)} is not known here: write ${choice}`;
}

/** The longest name that the service answers with. */
const longestName = 253;

/** Text for people: anything on one line. */
export function lineFault(value: string): string | undefined {
  if (value.length > longestName) return `${show(value)} has ${value.length} characters: write at most ${longestName}`;
  return /\S/.test(value) && !/\p{Cc}/u.test(value)
    ? undefined
    : `${show(value)} is not a line of text: write a name such as "internal"`;
}

const component = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";
const imagePattern = new RegExp(
  `^(?:[A-Za-z0-9.-]+(?::[0-9]+)?/)?${component}(?:/${component})*(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(?:@sha256:[0-9a-f]{64})?$`,
);

/** What is wrong with a container image's reference. */
export const imageFault = (value: string): string | undefined =>
  imagePattern.test(value)
    ? undefined
    : `${show(value)} is not an image: write one such as "registry.example.com/identity:1.0"`;

/** What is wrong with a certificate's PEM text. */
export function certificateFault(value: string): string | undefined {
  try {
    new X509Certificate(value);
    return undefined;
  } catch {
    return `${show(value)} is not a certificate: write its PEM text, from -----BEGIN CERTIFICATE----- on`;
  }
}

/** What keeps other clusters from reaching a URL. */
export function urlFault(value: string): string | undefined {
  try {
    planLink(value);
    return undefined;
  } catch (error) {
    if (error instanceof TargetError) return error.message;
    throw error;
  }
}
