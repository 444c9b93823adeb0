import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Whether a path, seen from a build's context and with `/` between its parts, is left out. */
export type IsIgnored = (path: string) => boolean;

/**
 * What a build of a context leaves out. A file of the Dockerfile's own comes before the context's.
 *
 * @param context absolute path
 * @param dockerfile absolute path
 */
export function ignoredIn(context: string, dockerfile: string): IsIgnored {
  const found = [`${dockerfile}.dockerignore`, join(context, ".dockerignore")].find((path) => existsSync(path));
  return dockerignore(found === undefined ? "" : readFileSync(found, "utf8"));
}

/**
 * Which paths of a build's context the docker command leaves out, by the rules of `.dockerignore`.
 *
 * @see https://docs.docker.com/build/concepts/context/#dockerignore-files
 * @param content the file's content
 */
export function dockerignore(content: string): IsIgnored {
  const rules = content
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .filter((line) => !line.startsWith("#"))
    .map((line) => line.trim())
    .map((line) => ({ isException: line.startsWith("!"), pattern: cleaned(line.replace(/^!\s*/, "")) }))
    .filter(({ pattern }) => pattern !== "")
    .map(({ isException, pattern }) => ({ isException, matches: new RegExp(`^${regular(pattern)}$`, "s") }));
  return (path) => {
    // A rule for a folder is one for all that is in it; the last rule that matches decides.
    const ways = path.split("/").map((_, index, parts) => parts.slice(0, index + 1).join("/"));
    const last = rules.findLast(({ matches }) => ways.some((way) => matches.test(way)));
    return last !== undefined && !last.isException;
  };
}

/** The pattern without what does not change its meaning: slashes at its ends, `./`, and `..` after a name. */
function cleaned(pattern: string): string {
  const parts: string[] = [];
  for (const part of pattern.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === "..") parts.pop();
    else parts.push(part);
  }
  return parts.join("/");
}

/** The pattern as a regular expression's source: `**` stands for any number of folders, `*` for a part of one name. */
const regular = (pattern: string): string =>
  pattern.replaceAll(/\*\*\/|\/\*\*$|\*\*|\*|\?|\[[^\]]*\]|\\.|[.+^$(){}|\]\\]/g, (token) => {
    switch (token) {
      case "**/":
        return "(?:.*/)?";
      case "/**":
        return "/.+";
      case "**":
        return ".*";
      case "*":
        return "[^/]*";
      case "?":
        return "[^/]";
      default:
        // A class of characters is the same in both languages; whatever is left stands for itself.
        return token.startsWith("[") || token.length === 2 ? token : `\\${token}`;
    }
  });
