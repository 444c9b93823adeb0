import { isPlainObject } from "../host/plain-object.ts";
import { type Identity, identityPath } from "../service/src/identity.ts";
import type { Problem } from "./config-error.ts";
import { blockOf, type Item } from "./raw-config.ts";
import { identityOf, type ServiceConfig } from "./service-config.ts";
import { show } from "./wording.ts";

/** How it is judged whether the right service answers, as a stack file says it. */
export interface ProveConfig {
  /** What is called, with a leading slash. @default the path of the service's ingress rule, or else "/" */
  path?: string;
  /** The status that it must answer with. @default any from 200 to 399, as for Kubernetes' own HTTP probes */
  status?: number;
  /** A text that the body must contain. @default any body */
  contains?: string;
  /** What the body must hold as JSON: an object's members may be fewer than the body's. @default any body */
  json?: unknown;
}

/** How it is judged whether the right service answers. */
export interface AnswerRule extends ProveConfig {
  path: string;
  /** The identity that must answer; `any` one where it isn't known whose. @default none is asked for */
  identity?: Identity | "any";
}

/**
 * What an identity service must answer.
 *
 * @param identity `any` where it isn't known whose
 * @param basePath the path of its ingress rule. @default "/"
 */
export const identityRule = (identity: Identity | "any", basePath = "/"): AnswerRule => ({
  path: basePath.replace(/\/+$/, "") + identityPath,
  identity,
});

/** What is judged as a file says. @param basePath the path of the service's ingress rule. @default "/" */
export const proveRule = (prove: ProveConfig, basePath = "/"): AnswerRule => ({
  ...prove,
  path: prove.path ?? basePath,
});

/** How a service is judged: as its file says, or else by its identity, or by whether it answers at all. */
export function ruleOfService(service: ServiceConfig): AnswerRule {
  const { prove, ingress } = service;
  const identity = identityOf(service);
  if (prove !== undefined || identity === undefined) return proveRule(prove ?? {}, ingress?.path);
  return identityRule(identity, ingress?.path);
}

/** The longest text that is looked for in a body, in characters: only the body's beginning is read. */
const longestContained = 1000;

/** What is wrong with the path of `prove`, which unlike an ingress's may have a query. */
export function provePathProblem(path: string): string | undefined {
  if (/^\/[\x21-\x7e]*$/.test(path) && !path.includes("#") && !path.startsWith("//")) return undefined;
  const rule = 'from the leading "/" on, without white space and "#"';
  return `${show(path)} is not a path to call: write one ${rule}, such as "/health"`;
}

/** What is wrong with the text that a body must contain. */
export function containsProblem(text: string): string | undefined {
  if (text === "") return '"" is in every body: write a text that only the right answer has, or leave contains out';
  if (text.length <= longestContained) return undefined;
  return `${show(text)} has ${text.length} characters: write at most ${longestContained}`;
}

/** What is wrong with the JSON that a body must hold. */
export function jsonProblem(value: unknown): string | undefined {
  if (value === undefined) return "missing: write what the body must hold, such as { name: web }";
  if (isPlainObject(value) && "secure" in value) return "is encrypted, and is compared in plain: write it in plain";
  return undefined;
}

/** Statuses that HTTP allows no body for. */
const withoutBody = new Set([204, 205, 304]);

/** Conflicts between the values of a `prove`, and of the ingress that leads to it. @param item what has it, as written */
export function proveProblems({ at, value }: Item): Problem[] {
  const { status, contains, json, path } = blockOf(value.prove);
  const problems: Problem[] = [];
  const add = (key: string, message: string) => problems.push({ at: [...at, "prove", key], message });
  if (typeof status === "number" && withoutBody.has(status)) {
    const message = `an answer with status ${status} has no body: leave it out, or write the status of one that has`;
    for (const [key, wanted] of Object.entries({ contains, json })) if (wanted !== undefined) add(key, message);
  }
  const { path: base } = blockOf(value.ingress);
  if (typeof path === "string" && typeof base === "string" && !isUnder(base, path)) {
    add("path", `the ingress passes on what is under ${show(base)} only: write a path there, or leave it out`);
  }
  return problems;
}

/** Whether an ingress rule of Kubernetes' type Prefix has a path. */
const isUnder = (base: string, path: string): boolean =>
  `${path.replace(/\?.*$/, "")}/`.startsWith(`${base.replace(/\/+$/, "")}/`);
