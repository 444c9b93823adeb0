import { randomBytes } from "node:crypto";
import { link, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../user-error.ts";
import { stateFolder } from "./folders.ts";
import { localPassphrase } from "./local-backend.ts";
import { keyOf } from "./passphrase.ts";
import { hasSecret, saltOf, type StackFileTexts } from "./stack-file-texts.ts";

/** The salt that the stack files of earlier versions carried. It was made with {@link localPassphrase}. */
const publicSalt = "v1:SWd7nh21/5E=:v1:gqVX11jh208Gqefp:2KzObOrR7xeIid5a/aGTSqGSb751GA==";

/** The file in the state's folder that holds the passphrase of the fleet's own. */
export const passphraseFile = "passphrase";

/** Options of {@link readLocalPassphrase}. */
export interface LocalPassphraseOptions {
  /** The state's folder. @default the project's */
  folder?: string;
  /** Whether one may be made for a new state. @default true */
  mayMake?: boolean;
}

/**
 * The passphrase of the local state: one of the fleet's own, which is made together with a new state and kept with it.
 * A state of an earlier version, or a stack file with its salt, goes on with the public one.
 *
 * @returns undefined when there is none, and none may be made
 */
export async function readLocalPassphrase(
  files: StackFileTexts,
  { folder = stateFolder, mayMake = true }: LocalPassphraseOptions = {},
): Promise<string | undefined> {
  const path = join(folder, passphraseFile);
  const own = await readFile(path, "utf8").catch(() => undefined);
  if (own !== undefined) return own.trim();
  const isOld =
    (await readdir(folder)).includes(".pulumi") || [...files.values()].some((text) => text.includes(publicSalt));
  if (isOld) return localPassphrase;
  if (!mayMake) return undefined;
  return makePassphrase(path);
}

/** Makes a passphrase. If others do so at the same time, all get the first one's, and nobody reads half of it. */
async function makePassphrase(path: string): Promise<string> {
  const temporary = `${path}.${process.pid}-${randomBytes(4).toString("hex")}`;
  await writeFile(temporary, `${randomBytes(24).toString("base64url")}\n`, { mode: 0o600 });
  try {
    await link(temporary, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    await rm(temporary, { force: true });
  }
  return (await readFile(path, "utf8")).trim();
}

/**
 * Whether a passphrase is the one that the stacks' secrets were made with, by a salt of their files or else of their
 * states.
 *
 * @param folder the state's folder. @default the project's
 */
export async function opensSalts(passphrase: string, files: StackFileTexts, folder = stateFolder): Promise<boolean> {
  const inFiles = [...files.values()].flatMap((text) => saltOf(text) ?? []);
  const [salt] = inFiles.length > 0 ? inFiles : await saltsOfStates(folder);
  return salt !== undefined && (await keyOf(passphrase, salt)) !== undefined;
}

/** The part of a state's file that is read here. */
interface SaltedState {
  checkpoint?: { latest?: { secrets_providers?: { type?: string; state?: { salt?: string } } } };
}

async function saltsOfStates(folder: string): Promise<string[]> {
  const stacks = join(folder, ".pulumi", "stacks");
  const paths = await readdir(stacks, { recursive: true }).catch(() => []);
  const texts = await Promise.all(
    paths
      .filter((path) => path.endsWith(".json"))
      .map((path) => readFile(join(stacks, path), "utf8").catch(() => "{}")),
  );
  return texts.flatMap(
    (text) => (JSON.parse(text) as SaltedState).checkpoint?.latest?.secrets_providers?.state?.salt ?? [],
  );
}

/** Refuses encrypted values that anybody could decrypt. @throws UserError that says how to get a passphrase of one's own */
export function refusePublicSecrets(files: StackFileTexts, passphrase: string | undefined): void {
  if (passphrase !== localPassphrase) return;
  const open = [...files].filter(([, text]) => hasSecret(text)).map(([file]) => file);
  if (open.length === 0) return;
  throw new UserError(
    `${open.join(", ")}: the secrets are encrypted with the public passphrase of earlier versions, so anybody can read ` +
      "them. Give the fleet one of its own:\n" +
      '  1. eval "$(npm run -s env)"\n' +
      "  2. for each stack: pulumi stack change-secrets-provider passphrase -s STACK, with the same new passphrase\n" +
      `  3. write that passphrase to .fleet/state/${passphraseFile}, and open a new shell\n` +
      "Then change the secrets themselves where they are used, and set them again.",
  );
}
