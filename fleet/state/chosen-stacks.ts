import type { StackFiles } from "../../config/read-stacks.ts";
import { stackFileName } from "../../config/stack-name.ts";
import { UserError } from "../user-error.ts";

/**
 * The stacks that a command is about, in alphabetical order.
 *
 * @param wanted stack names; if empty, those of all stack files
 * @throws UserError with all problems of the wanted stacks' files, and for names without a file
 */
export function chooseStacks({ configs, problems }: StackFiles, wanted: readonly string[]): string[] {
  const names = [...new Set(wanted.length > 0 ? wanted : [...configs.keys(), ...problems.keys()])].sort();
  if (names.length === 0) {
    throw new UserError("There is no Pulumi.<stack>.yaml here: write one, see docs/configuration.md.");
  }
  const found = names.flatMap((name) => problems.get(name) ?? []);
  if (found.length > 0) throw new UserError(found.map(({ message }) => message).join("\n"));
  const unknown = names.filter((name) => !configs.has(name));
  if (unknown.length > 0) {
    const known = [...configs.keys()].sort().join(", ") || "none";
    const lines = unknown.map((name) => `There is no stack ${name}: create ${stackFileName(name)}, or name another.`);
    throw new UserError([...lines, `Known stacks: ${known}.`].join("\n"));
  }
  return names;
}
