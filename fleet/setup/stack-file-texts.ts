import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { parse } from "yaml";
import { stackOfFile } from "../../config/stack-name.ts";

/** The texts of the stack files, by file name. */
export type StackFileTexts = ReadonlyMap<string, string>;

/** Reads the stack files as they are. */
export function readStackFileTexts(folder: string): StackFileTexts {
  const files = readdirSync(folder).filter((file) => stackOfFile(file) !== undefined);
  return new Map(files.sort().map((file) => [file, readFileSync(join(folder, file), "utf8")]));
}

/** Whether a stack file has an encrypted value. */
export const hasSecret = (text: string): boolean => /(^|[\s{,])["']?secure["']?\s*:/m.test(text);

/** The salt in a stack file's text; undefined when it has none. */
export const saltOf = (text: string): string | undefined => /^encryptionsalt:\s*(\S+)\s*$/m.exec(text)?.[1];

const saltLine = /^encryptionsalt:[^\n]*\n?/m;

/**
 * What a stack file should hold after Pulumi ran. Pulumi writes a salt into every stack's file, needed or not. The state
 * has it, too, so a file without secrets can do without: then the checkout stays as it was.
 *
 * @returns undefined when the file is right as it is
 */
export function withoutNewSalt(before: string, now: string): string | undefined {
  if (saltLine.test(before) || !saltLine.test(now) || hasSecret(now)) return undefined;
  const rest = now.replace(saltLine, "");
  // Pulumi writes the whole file anew, in a style of its own. Whoever changed a value in the meantime meant it.
  return isDeepStrictEqual(parse(rest), parse(before)) ? before : rest;
}

let isWatching = false;

/** Takes the salts that Pulumi adds out of the stack files again, when this process ends. */
export function keepSaltsOut(folder: string, before: StackFileTexts): void {
  if (isWatching) return;
  isWatching = true;
  process.on("exit", () => {
    for (const [file, now] of readStackFileTexts(folder)) {
      const restored = withoutNewSalt(before.get(file) ?? now, now);
      if (restored !== undefined) writeFileSync(join(folder, file), restored);
    }
  });
}
