import { inspect } from "node:util";

/** Longer values are cut in messages; in characters. */
const longestShown = 80;

/** A value as a message shows it: on one line, text in double quotes, cut when it is long. */
export function show(value: unknown): string {
  const text =
    typeof value === "string"
      ? JSON.stringify(value)
      : inspect(value, { breakLength: Infinity, customInspect: false, depth: 1 }).replaceAll(/\s+/g, " ");
  return text.length > longestShown ? `${text.slice(0, longestShown - 1)}…` : text;
}

/** The known word that was most likely meant; undefined when none is similar enough. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const near = known
    .map((candidate) => ({ candidate, distance: editDistance(word.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ candidate, distance }) => distance <= Math.max(1, Math.floor(candidate.length / 4)))
    .sort((a, b) => a.distance - b.distance);
  return near[0]?.candidate;
}

/** The Levenshtein distance: how many letters must be inserted, deleted or changed to turn one word into the other. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let index = 0; index < from.length; index++) {
    const next = [index + 1];
    for (let column = 1; column <= to.length; column++) {
      const above = row[column] ?? Infinity;
      const diagonal = row[column - 1] ?? Infinity;
      const left = next[column - 1] ?? Infinity;
      next.push(Math.min(above + 1, left + 1, diagonal + (from[index] === to[column - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[to.length] ?? Infinity;
}

/** The command that brings stacks up, for messages. */
export const upCommand = (...stacks: string[]): string => ["npm run up --", ...stacks].join(" ");

/** The command that takes stacks down, for messages. */
export const downCommand = (...stacks: string[]): string => ["npm run down --", ...stacks].join(" ");
