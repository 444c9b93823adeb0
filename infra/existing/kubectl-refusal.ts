import type { CommandError } from "../../host/command.ts";

/** Whether kubectl says that the API server knows the user, who may not do what was asked. */
export const isForbidden = (text: string): boolean => /\(Forbidden\)|forbidden:/.test(text);

/** Whether kubectl says that the API server does not know the user. */
export const isUnauthorized = (text: string): boolean => /Unauthorized|must be logged in/i.test(text);

/** The last thing that kubectl said: why it failed. */
export const lastLineOf = ({ stderr, summary }: Pick<CommandError, "stderr" | "summary">): string =>
  stderr.split("\n").filter(Boolean).at(-1) ?? summary;
