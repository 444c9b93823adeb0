import type { StackFiles } from "../../config/read-stacks.ts";
import type { StackConfig } from "../../config/stack-config.ts";
import { exposedUrlOf } from "../../config/together.ts";

/** The stacks of this project that the given stacks refer to. */
export const localPeers = (stacks: readonly string[], { configs }: Pick<StackFiles, "configs">): string[] =>
  stacks.flatMap((stack) => configs.get(stack)?.peers ?? []).flatMap(({ localStack }) => localStack ?? []);

/** The stacks that a stack refers to, and can't do without. */
export const neededPeers = (stack: string, { configs }: Pick<StackFiles, "configs">): string[] =>
  (configs.get(stack)?.peers ?? []).flatMap(({ localStack, whenAbsent }) =>
    localStack === undefined || whenAbsent === "omit" ? [] : localStack,
  );

/**
 * Those of some stacks that can be worked on, and why the others can't: one that failed, and each that can't do without
 * one of these.
 *
 * @param failed the stacks that failed, with the reason of each
 * @returns the reason of each stack that can't be worked on, with those that failed
 */
export function withDependents(
  stacks: readonly string[],
  failed: ReadonlyMap<string, string>,
  files: Pick<StackFiles, "configs">,
): Map<string, string> {
  const all = new Map(failed);
  for (let before = -1; before !== all.size;) {
    before = all.size;
    for (const stack of stacks.filter((name) => !all.has(name))) {
      const lost = neededPeers(stack, files).find((peer) => all.has(peer));
      if (lost !== undefined) all.set(stack, `not tried: it refers to ${lost}, which failed`);
    }
  }
  return all;
}

/**
 * The stacks, among those that are brought up together, that a stack has to wait for: those that it refers to, and whose
 * URL their files don't say. In a circle of such stacks nobody waits.
 */
export function awaitedPeers(stack: string, together: readonly string[], files: Pick<StackFiles, "configs">): string[] {
  const next = (name: string) =>
    localPeers([name], files).filter((peer) => {
      const config = files.configs.get(peer);
      return config !== undefined && together.includes(peer) && exposedUrlOf(config) === undefined;
    });
  const leadsBack = (name: string, seen: ReadonlySet<string>): boolean =>
    name === stack || next(name).some((peer) => !seen.has(peer) && leadsBack(peer, new Set([...seen, peer])));
  return [...new Set(next(stack))].filter((peer) => !leadsBack(peer, new Set([peer])));
}

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
