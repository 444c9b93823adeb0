import { createDecipheriv, pbkdf2 } from "node:crypto";
import { promisify } from "node:util";

/** The key's derivation, as Pulumi's passphrase provider has it. */
const derivation = { iterations: 1_000_000, bytes: 32, digest: "sha256" };

/** The length of the seal at the end of what AES-GCM encrypts, in bytes. */
const sealBytes = 16;

/**
 * Whether a passphrase is the one that a stack file's `encryptionsalt` was made with: the salt holds a known word,
 * encrypted. Takes some tenths of a second.
 */
export async function opensSalt(passphrase: string, encryptionSalt: string): Promise<boolean> {
  const [, salt = "", nonce = "", sealed = ""] = /^v1:([^:]+):v1:([^:]+):([^:]+)$/.exec(encryptionSalt) ?? [];
  if (sealed === "") return false;
  const { iterations, bytes, digest } = derivation;
  const key = await promisify(pbkdf2)(passphrase, Buffer.from(salt, "base64"), iterations, bytes, digest);
  const text = Buffer.from(sealed, "base64");
  try {
    const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(nonce, "base64"));
    decipher.setAuthTag(text.subarray(-sealBytes));
    return Buffer.concat([decipher.update(text.subarray(0, -sealBytes)), decipher.final()]).toString() === "pulumi";
  } catch {
    return false;
  }
}
