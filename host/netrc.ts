import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** A user's name and password for a server. */
export interface Login {
  user: string;
  password: string;
}

/** A login as HTTP's basic authentication, and docker's settings, write it: in base 64. */
export const basicCredentials = ({ user, password }: Login): string =>
  Buffer.from(`${user}:${password}`).toString("base64");

/** The login for a server in the user's netrc file, which `NETRC` names; undefined without one. */
export function netrcLogin(host: string): Login | undefined {
  try {
    return findLogin(readFileSync(process.env.NETRC ?? join(homedir(), ".netrc"), "utf8"), host);
  } catch {
    return undefined; // No file, or one that this user may not read.
  }
}

/** The login for a server in the text of a netrc file: that of its machine, or else the default one. */
export function findLogin(text: string, host: string): Login | undefined {
  // A macro's body goes on until an empty line, and may have any words.
  const words = text.replaceAll(/\bmacdef\b[^]*?(\n\s*\n|$)/g, "\n").split(/\s+/);
  const entries: { machine: string | undefined; login?: string; password?: string }[] = [];
  for (let index = 0; index < words.length; index++) {
    const word = words[index];
    const entry = entries.at(-1);
    if (word === "machine") entries.push({ machine: words[++index] });
    else if (word === "default") entries.push({ machine: undefined });
    else if ((word === "login" || word === "password") && entry) entry[word] = words[++index];
  }
  const found = entries.find(({ machine }) => machine === host) ?? entries.find(({ machine }) => machine === undefined);
  return found?.login === undefined ? undefined : { user: found.login, password: found.password ?? "" };
}
