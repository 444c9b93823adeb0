import type { StackConfig } from "../../config/stack-config.ts";

/** Stacks that can't be put in order, or that there are none of. */
export class OrderError extends Error {
  override readonly name = "OrderError";
}

/** In what order to bring stacks up; the reverse takes them down. */
export interface StackOrder {
  /** Each stack once. */
  order: string[];
  /** Those that come before a stack that they refer to, and need another update once all are up. */
  secondPass: string[];
}

/** What each stack still waits for, and whether it can do without for now. */
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

/** The stacks that refer to a stack themselves, in alphabetical order. */
export function dependents(stack: string, configs: ReadonlyMap<string, StackConfig>): string[] {
  const refers = ({ peers }: StackConfig) => peers.some(({ localStack }) => localStack === stack);
  return [...configs].flatMap(([name, config]) => (refers(config) ? [name] : [])).sort();
}

function references(wanted: readonly string[], configs: ReadonlyMap<string, StackConfig>): Waiting {
  const names = [...new Set(wanted)].sort();
  const unknown = names.filter((name) => !configs.has(name));
  if (unknown.length > 0) {
    const known = [...configs.keys()].sort().join(", ") || "none";
    const lines = unknown.map((name) => `There is no stack ${name}: create Pulumi.${name}.yaml, or name another.`);
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
 * The first stack that may come before all that it waits for.
 *
 * Only a cycle that waits for nothing outside itself is looked at: a stack that merely waits for a cycle
 * comes after it, and then needs no second pass.
 */
function startOfCycle(waiting: Waiting): string {
  const [cycle = []] = [...waiting.keys()].map((name) => reach(name, waiting)).sort((a, b) => a.length - b.length);
  const start = cycle.find((name) => ![...(waiting.get(name)?.values() ?? [])].includes("must"));
  if (start !== undefined) return start;
  const path = closedPath(cycle[0] ?? "", waiting);
  throw new OrderError(
    `These stacks refer to one another in a circle: ${path.join(" → ")}. ` +
      `Write "whenAbsent: omit" on one of these peers: its stack then comes up first, and gets its alias last.`,
  );
}

/** All that a stack waits for, directly or not, in alphabetical order. */
function reach(from: string, waiting: Waiting): string[] {
  const found = new Set<string>();
  const pending = [from];
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    const targets = [...(waiting.get(name)?.keys() ?? [])].filter((target) => !found.has(target));
    for (const target of targets) found.add(target);
    pending.push(...targets);
  }
  return [...found].sort();
}

/** A way round along the references that can't wait, from a stack of the circle back to it. */
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
