import type { StackFiles } from "../../config/read-stacks.ts";
import { dependents } from "../state/references.ts";
import { outputsOf } from "../state/read-outputs.ts";
import { staleLinks } from "./stale-links.ts";

/**
 * Messages about stacks that refer to some that were just brought up, and were not brought up again themselves: their
 * links may lead to a former URL, or may have been left out.
 *
 * Looks at what stands, not at what this run has changed: a run that was interrupted may have changed it before.
 */
export async function staleDependents(
  broughtUp: readonly string[],
  { project, configs }: Pick<StackFiles, "project" | "configs">,
): Promise<string[]> {
  const others = broughtUp.flatMap((stack) => dependents(stack, configs)).filter((name) => !broughtUp.includes(name));
  if (others.length === 0) return [];
  const all = await outputsOf([...new Set([...others, ...broughtUp])]);
  return [...all]
    .filter(([stack]) => others.includes(stack))
    .flatMap(([stack, outputs]) => staleLinks(stack, outputs, all, project))
    .map(({ alias, message }) => `${alias}: ${message}`);
}
