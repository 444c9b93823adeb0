import { createDecipheriv, pbkdf2 } from "node:crypto";
import { promisify } from "node:util";

/** The key's derivation, as Pulumi's passphrase provider has it. */
const derivation = { iterations: 1_000_000, bytes: 32, digest: "sha256" };

/** The length of the seal at the end of what AES-GCM encrypts, in bytes. */
const sealBytes = 16;

/**
 * The key that a passphrase and a stack file's `encryptionsalt` make; undefined when the salt was made with another
 * passphrase: it holds a known word, encrypted. Takes some tenths of a second.
 */
export async function keyOf(passphrase: string, encryptionSalt: string): Promise<Buffer | undefined> {
  const [, salt = "", word = ""] = /^v1:([^:]+):(v1:[^:]+:[^:]+)$/.exec(encryptionSalt) ?? [];
  if (word === "") return undefined;
  const { iterations, bytes, digest } = derivation;
  const key = await promisify(pbkdf2)(passphrase, Buffer.from(salt, "base64"), iterations, bytes, digest);
  return decrypt(key, word) === "pulumi" ? key : undefined;
}

/** Decrypts what Pulumi wrote as `secure`; undefined when it was encrypted with another key, or is damaged. */
export function decrypt(key: Buffer, secure: string): string | undefined {
  const [, nonce = "", sealed = ""] = /^v1:([^:]+):([^:]+)$/.exec(secure) ?? [];
  const text = Buffer.from(sealed, "base64");
  try {
    const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(nonce, "base64"));
    decipher.setAuthTag(text.subarray(-sealBytes));
    return Buffer.concat([decipher.update(text.subarray(0, -sealBytes)), decipher.final()]).toString();
  } catch {
    return undefined;
  }
}
