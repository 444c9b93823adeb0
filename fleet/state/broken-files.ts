import type { StackFiles } from "../../config/read-stacks.ts";

/**
 * Says what is wrong in the files of stacks that a command does not need, and goes on.
 *
 * @param wanted the stacks that it needs, whose problems end it
 */
export function warnOfBrokenFiles({ problems }: StackFiles, wanted: readonly string[] = []): void {
  for (const [stack, { message }] of problems) if (!wanted.includes(stack)) console.error(`warning: ${message}`);
}
