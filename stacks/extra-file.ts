import { existsSync } from "node:fs";
import { join } from "node:path";

/**
 * The file with the resources that users add to a stack: `stacks/<stack>.extra.ts`, or else `stacks/all.extra.ts`;
 * undefined where there is neither.
 *
 * @param folder the project's
 */
export function extraFile(folder: string, stack: string): string | undefined {
  const files = [`${stack}.extra.ts`, "all.extra.ts"].map((name) => join(folder, "stacks", name));
  return files.find((file) => existsSync(file));
}
