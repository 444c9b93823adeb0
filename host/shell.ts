/** Quotes a word for a POSIX shell, whatever characters it holds. */
export const quote = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;
