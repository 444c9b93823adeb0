import { isDeepStrictEqual } from "node:util";
import type { AnswerRule } from "../../config/prove-config.ts";
import { show } from "../../config/wording.ts";
import { isPlainObject } from "../../host/plain-object.ts";
import { strangersText } from "../../host/strangers-text.ts";
import { identityText, parseIdentity, sameIdentity } from "../../service/src/identity.ts";
import type { Answer } from "./call-from-pod.ts";

/** What is judged of an answer. */
export type JudgedAnswer = Pick<Answer, "status" | "body">;

/** Why an answer is not the one that a rule asks for; undefined when it is. */
export function judge(rule: AnswerRule, { status, body }: JudgedAnswer): string | undefined {
  const text = body.toString("utf8");
  const expected = unmet(rule, status, text);
  return expected && `expected ${expected}, got ${status} "${strangersText(text)}"`;
}

/** The first thing that a rule asks for and an answer does not have, in words that complete "expected …". */
function unmet(rule: AnswerRule, status: number, text: string): string | undefined {
  const { identity, contains, json } = rule;
  if (identity !== undefined) return unmetIdentity(identity, status, text);
  if (!hasStatus(rule, status)) return `status ${rule.status ?? "200 to 399"} at ${rule.path}`;
  if (contains !== undefined && !text.includes(contains)) return `a body with ${show(contains)} at ${rule.path}`;
  if (json !== undefined && !holds(parsed(text), json))
    return `JSON with ${show(JSON.stringify(json))} at ${rule.path}`;
  return undefined;
}

function unmetIdentity(identity: NonNullable<AnswerRule["identity"]>, status: number, text: string) {
  const found = status === 200 ? parseIdentity(text) : undefined;
  if (identity === "any") return found ? undefined : 'an identity (for another service, write its answer as "prove")';
  return found && sameIdentity(found, identity) ? undefined : `"${identityText(identity)}"`;
}

const hasStatus = (rule: AnswerRule, status: number): boolean =>
  rule.status === undefined ? status >= 200 && status < 400 : status === rule.status;

/** Undefined when it is no JSON, which no JSON is equal to. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Whether a value is the wanted one. Objects in it may have more members, lists may not have more entries. */
function holds(value: unknown, wanted: unknown): boolean {
  if (Array.isArray(wanted)) {
    return Array.isArray(value) && value.length === wanted.length && wanted.every((item, at) => holds(value[at], item));
  }
  if (!isPlainObject(wanted)) return isDeepStrictEqual(value, wanted);
  return (
    isPlainObject(value) &&
    Object.entries(wanted).every(([key, part]) => Object.hasOwn(value, key) && holds(value[key], part))
  );
}
