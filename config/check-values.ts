import { X509Certificate } from "node:crypto";
import { longestName } from "../service/src/identity.ts";
import { LinkPlanError, planLink } from "./link-plan.ts";
import { show } from "./wording.ts";

/** What is wrong with a value, and what to write instead; undefined when nothing is. */
export type Check = (value: unknown) => string | undefined;

/** What is wrong with a value that Pulumi encrypted. */
export const encryptedProblem = "is encrypted, and nothing here is secret: write it in plain";

/** What is wrong with a value of the wrong kind, or with a missing one. */
export function kindProblem(value: unknown, wanted: string, example: string): string {
  if (value === undefined) return `missing: write ${example}`;
  if (typeof value === "object" && value !== null && "secure" in value) return encryptedProblem;
  return `${show(value)} is not ${wanted}: write ${example}`;
}

/** Checks that a value is text. @param problem checks the text itself. @default no check */
export function text(example: string, problem: (value: string) => string | undefined = () => undefined): Check {
  return (value) => (typeof value === "string" ? problem(value) : kindProblem(value, "text", example));
}

/** The highest number that an integer of Kubernetes' API holds. */
const highestInteger = 2 ** 31 - 1;

/**
 * Checks that a value is a whole number within bounds, which are included.
 *
 * @param why text after the bounds in the message. @default none
 */
export function wholeNumber(least: number, most = highestInteger, why = ""): Check {
  const bounds = most === highestInteger ? `, at least ${least}` : ` from ${least} to ${most}`;
  const wanted = `a whole number${bounds}${why}`;
  const within = (value: unknown) => Number.isInteger(value) && Number(value) >= least && Number(value) <= most;
  return (value) => {
    if (within(value)) return undefined;
    if (typeof value === "string" && /^\d+$/.test(value) && within(Number(value))) {
      return `${show(value)} is text: write ${Number(value)}, without quotes`;
    }
    return kindProblem(value, wanted, value === undefined ? wanted : "one that is");
  };
}

/** Checks that a value is a whole number of at least `least`, or a word. */
export function wholeNumberOr(word: string, least: number): Check {
  const check = wholeNumber(least, highestInteger, `, or ${show(word)}`);
  return (value) => (value === word ? undefined : check(value));
}

/** Checks that a value is true or false. */
export const trueOrFalse: Check = (value) =>
  typeof value === "boolean" ? undefined : kindProblem(value, "true or false", "one of them, without quotes");

/** Checks that a value is one of a few words. */
export function oneOf(words: readonly string[]): Check {
  const choice = words.map((word) => show(word)).join(" or ");
  return (value) =>
    words.some((word) => word === value) ? undefined : `${show(value)} is not known here: write ${choice}`;
}

/** What is wrong with a name that is only displayed, which may be any text on one line. */
export function lineProblem(value: string): string | undefined {
  if (value.length > longestName) return `${show(value)} has ${value.length} characters: write at most ${longestName}`;
  if (/\S/.test(value) && !/\p{Cc}/u.test(value)) return undefined;
  return `${show(value)} is not a line of text: write a name such as "internal"`;
}

/** @see https://github.com/distribution/reference for the grammar of image references */
const imagePattern = (() => {
  const host = "(?:[A-Za-z0-9.-]+(?::[0-9]+)?/)?";
  const component = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";
  const tag = "(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?";
  const digest = "(?:@sha256:[0-9a-f]{64})?";
  return new RegExp(`^${host}${component}(?:/${component})*${tag}${digest}$`);
})();

/** What is wrong with a container image's reference. */
export function imageProblem(value: string): string | undefined {
  if (imagePattern.test(value)) return undefined;
  return `${show(value)} is not an image: write one such as "registry.example.com/identity:1.0"`;
}

/** What is wrong with a certificate's PEM text. */
export function certificateProblem(value: string): string | undefined {
  try {
    new X509Certificate(value);
    return undefined;
  } catch {
    return `${show(value)} is not a certificate: write its PEM text, from -----BEGIN CERTIFICATE----- on`;
  }
}

/** Why other clusters can't reach a URL. */
export function urlProblem(value: string): string | undefined {
  try {
    planLink(value);
    return undefined;
  } catch (error) {
    if (error instanceof LinkPlanError) return error.message;
    throw error;
  }
}
