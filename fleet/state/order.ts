import type { StackFiles } from "../../config/read-stacks.ts";
import type { StackConfig } from "../../config/stack-config.ts";
import { stackFileName } from "../../config/stack-name.ts";
import { UserError } from "../user-error.ts";

/** Stacks that have no file, or can't be put in order. */
export class OrderError extends UserError {
  override readonly name = "OrderError";
}

/** The order in which stacks are brought up. */
export interface StackOrder {
  /** Each stack once. */
  order: string[];
  /** Those that come before a stack which they refer to, and need another update once all are up. */
  secondPass: string[];
}

/**
 * The order in which stacks come up.
 *
 * @param wanted stack names; if empty, those of all stack files
 * @throws UserError with all problems of the wanted stacks' files, for names without a file, and for cycles
 */
export function planOrder({ configs, problems }: StackFiles, wanted: readonly string[]): StackOrder {
  const names = wanted.length > 0 ? wanted : [...configs.keys(), ...problems.keys()];
  if (names.length === 0) {
    throw new UserError("There is no Pulumi.<stack>.yaml here: write one, see docs/configuration.md.");
  }
  const found = names.flatMap((name) => problems.get(name) ?? []);
  if (found.length > 0) throw new UserError(found.map(({ message }) => message).join("\n"));
  return orderStacks(names, configs);
}

/** The stacks that each stack still waits for, and whether it can do without them for now. */
type Waiting = Map<string, Map<string, "must" | "may">>;

/**
 * Puts each stack after those that it refers to among `wanted`, in alphabetical order where that leaves a choice.
 *
 * A cycle starts at a stack that can do without the others on it for now (`whenAbsent: omit`).
 *
 * @throws OrderError for a stack that has no file, and for a cycle on which every stack needs the next
 */
export function orderStacks(wanted: readonly string[], configs: ReadonlyMap<string, StackConfig>): StackOrder {
  const waiting = references(wanted, configs);
  const order: string[] = [];
  const secondPass: string[] = [];
  while (waiting.size > 0) {
    let next = [...waiting].find(([, targets]) => targets.size === 0)?.[0];
    if (next === undefined) {
      next = startOfCycle(waiting);
      secondPass.push(next);
    }
    order.push(next);
    waiting.delete(next);
    for (const targets of waiting.values()) targets.delete(next);
  }
  return { order, secondPass };
}

/** The stacks of this project that the given stacks refer to. */
export const localPeers = (stacks: readonly string[], { configs }: Pick<StackFiles, "configs">): string[] =>
  stacks.flatMap((stack) => configs.get(stack)?.peers ?? []).flatMap(({ localStack }) => localStack ?? []);

/** Every stack before those that it refers to; in a cycle, in the order given. */
export function dependentsFirst(names: readonly string[], { configs }: Pick<StackFiles, "configs">): string[] {
  const order: string[] = [];
  const visit = (name: string, path: readonly string[]): void => {
    if (order.includes(name) || path.includes(name)) return;
    const next = dependents(name, configs).filter((dependent) => names.includes(dependent));
    for (const dependent of next) visit(dependent, [...path, name]);
    order.push(name);
  };
  for (const name of names) visit(name, []);
  return order;
}

/** The stacks that refer to a stack directly, in alphabetical order. */
export function dependents(stack: string, configs: ReadonlyMap<string, StackConfig>): string[] {
  const refers = ({ peers }: StackConfig) => peers.some(({ localStack }) => localStack === stack);
  return [...configs].flatMap(([name, config]) => (refers(config) ? [name] : [])).sort();
}

function references(wanted: readonly string[], configs: ReadonlyMap<string, StackConfig>): Waiting {
  const names = [...new Set(wanted)].sort();
  const unknown = names.filter((name) => !configs.has(name));
  if (unknown.length > 0) {
    const known = [...configs.keys()].sort().join(", ") || "none";
    const lines = unknown.map((name) => `There is no stack ${name}: create ${stackFileName(name)}, or name another.`);
    throw new OrderError([...lines, `Known stacks: ${known}.`].join("\n"));
  }
  return new Map(
    names.map((name) => {
      const targets = new Map<string, "must" | "may">();
      for (const { localStack, whenAbsent } of configs.get(name)?.peers ?? []) {
        if (localStack === undefined || localStack === name || !names.includes(localStack)) continue;
        if (targets.get(localStack) !== "must") targets.set(localStack, whenAbsent === "omit" ? "may" : "must");
      }
      return [name, targets];
    }),
  );
}

/**
 * The first stack of a cycle that can come before every stack that it waits for.
 *
 * Only a cycle that waits for nothing outside itself is looked at: a stack that merely waits for a cycle comes after it,
 * and then needs no second pass.
 *
 * @throws OrderError when the cycle has no such stack
 */
function startOfCycle(waiting: Waiting): string {
  const [cycle = []] = [...waiting.keys()]
    .map((name) => reachableFrom(name, waiting))
    .sort((a, b) => a.length - b.length);
  const start = cycle.find((name) => ![...(waiting.get(name)?.values() ?? [])].includes("must"));
  if (start !== undefined) return start;
  const path = closedPath(cycle[0] ?? "", waiting);
  throw new OrderError(
    `These stacks refer to one another in a circle: ${path.join(" → ")}. ` +
      `Write "whenAbsent: omit" on one of these peers: its stack then comes up first, and gets its alias last.`,
  );
}

/** The stacks that a stack waits for, directly or not, in alphabetical order. */
function reachableFrom(from: string, waiting: Waiting): string[] {
  const found = new Set<string>();
  const pending = [from];
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    const targets = [...(waiting.get(name)?.keys() ?? [])].filter((target) => !found.has(target));
    for (const target of targets) found.add(target);
    pending.push(...targets);
  }
  return [...found].sort();
}

/** A cycle of references that can't wait, as a path that ends where it begins. */
function closedPath(from: string, waiting: Waiting): string[] {
  const path = [from];
  for (;;) {
    const musts = [...(waiting.get(path.at(-1) ?? "") ?? [])]
      .filter(([, need]) => need === "must")
      .map(([name]) => name)
      .sort();
    const next = musts[0] ?? "";
    const seen = path.indexOf(next);
    path.push(next);
    if (seen !== -1) return path.slice(seen);
  }
}
