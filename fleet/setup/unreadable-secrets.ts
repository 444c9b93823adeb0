import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { isSecure } from "../../config/check-service-values.ts";
import { formatPath } from "../../config/config-error.ts";
import { stackFileName } from "../../config/stack-name.ts";
import { isPlainObject } from "../../host/plain-object.ts";
import { UserError } from "../user-error.ts";
import { projectFolder } from "./folders.ts";
import { passphraseFile } from "./local-passphrase.ts";
import { decrypt, keyOf } from "./passphrase.ts";

/** What the secrets of a stack file are decrypted with. */
interface Unlocking {
  passphrase: string;
  /** Where the passphrase is from, for messages. */
  from: string;
}

/**
 * Refuses stacks with secrets that the passphrase does not decrypt: Pulumi would say so without their places. Secrets
 * of other providers than a passphrase are left to Pulumi.
 *
 * @throws UserError that names file, key and remedy
 */
export async function refuseUnreadableSecrets(stacks: readonly string[]): Promise<void> {
  const unlocking = await passphraseInUse();
  // Pulumi Cloud has a key of its own for each stack, whatever passphrase is set for other projects.
  if (unlocking === undefined || /^https?:/.test(process.env.PULUMI_BACKEND_URL ?? "")) return;
  const problems = await Promise.all(
    stacks.map(async (stack) => {
      const text = await readFile(join(projectFolder, stackFileName(stack)), "utf8").catch(() => "");
      return unreadableSecrets(stack, text, unlocking);
    }),
  );
  if (problems.flat().length > 0) throw new UserError(problems.flat().join("\n"));
}

/** The passphrase as Pulumi finds it; undefined when there is none. */
async function passphraseInUse(): Promise<Unlocking | undefined> {
  const { PULUMI_CONFIG_PASSPHRASE: set, PULUMI_CONFIG_PASSPHRASE_FILE: file } = process.env;
  if (set !== undefined) return { passphrase: set, from: "PULUMI_CONFIG_PASSPHRASE" };
  const text = file ? await readFile(file, "utf8").catch(() => undefined) : undefined;
  return text === undefined ? undefined : { passphrase: text.trim(), from: `${file}` };
}

/**
 * What is wrong with the secrets of a stack file.
 *
 * @param text the file's
 */
export async function unreadableSecrets(stack: string, text: string, unlocking: Unlocking): Promise<string[]> {
  const file: unknown = parse(text, { merge: true });
  if (!isPlainObject(file) || file.secretsprovider !== undefined) return [];
  const secrets = secretsIn(file.config, []);
  if (secrets.length === 0) return [];
  const name = stackFileName(stack);
  const places = `${name}: ${secrets.map(({ path }) => path).join(", ")} can't be decrypted`;
  if (typeof file.encryptionsalt !== "string") {
    return [
      `${places}: the file has lost its encryptionsalt. Bring that line back, or take the secrets out and set them anew.`,
    ];
  }
  const key = await keyOf(unlocking.passphrase, file.encryptionsalt);
  if (key === undefined) {
    return [
      `${places}: the passphrase in ${unlocking.from} is not the one that the stack's secrets were made with. ` +
        passphraseRemedy,
    ];
  }
  return secrets
    .filter(({ secure }) => decrypt(key, secure) === undefined)
    .map(
      ({ path }) =>
        `${name}: ${path} can't be decrypted: it is damaged, or was encrypted for another stack. Set it again, in a ` +
        `shell after eval "$(npm run -s env)": pulumi config set -s ${stack} --secret --path '${path}'`,
    );
}

/** What helps where the passphrase is wrong. */
export const passphraseRemedy =
  "Set PULUMI_CONFIG_PASSPHRASE to the right one, or unset it and PULUMI_CONFIG_PASSPHRASE_FILE where the state is the " +
  `project's own. For secrets that a colleague encrypted, ask for the text of their .fleet/state/${passphraseFile}. ` +
  "If it is lost for good, take encryptionsalt and the secrets out of the stack file, and set them anew.";

/** Every encrypted value below a key, with its place. */
function secretsIn(value: unknown, at: readonly PropertyKey[]): { path: string; secure: string }[] {
  if (isSecure(value)) return [{ path: formatPath(at), secure: value.secure }];
  if (Array.isArray(value)) return value.flatMap((item, index) => secretsIn(item, [...at, index]));
  if (!isPlainObject(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => secretsIn(inner, [...at, key]));
}
