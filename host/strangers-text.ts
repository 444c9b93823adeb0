import { stripVTControlCharacters } from "node:util";

/** Longer texts of strangers are cut in messages; in characters. */
const longestShown = 200;

/** Control characters, and characters without a width of their own, such as those that turn the direction of text. */
const invisible = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/** Without what a terminal would obey: escape sequences, control characters, turns of the text's direction. */
const harmless = (text: string): string =>
  stripVTControlCharacters(text.toWellFormed()).replaceAll(invisible, (character) =>
    character === "\n" || character === "\t" ? character : "\ufffd",
  );

/**
 * A text that somebody else wrote, as a message or a table may show it: on one line, cut, and without anything that a
 * terminal would obey.
 *
 * @param longest in characters. @default 200
 */
export function strangersText(text: string, longest = longestShown): string {
  // What is cut away need not be looked at; escape sequences in the rest are short.
  const line = harmless(text.slice(0, 4 * longest).replaceAll(/\r\n?/g, "\n"))
    .replaceAll(/\s+/g, " ")
    .trim();
  const characters = Array.from(line);
  if (characters.length <= longest && text.length <= 4 * longest) return line;
  return `${characters.slice(0, longest - 1).join("")}…`;
}

/** A text that somebody else wrote, whole and with its lines, for a terminal. */
export const strangersLines = (text: string): string => harmless(text.replaceAll(/\r\n?/g, "\n"));
