import { type Block, blockOf, type RawConfig } from "./raw-config.ts";

/**
 * The configuration that Pulumi hands to a program, with the secret variables in the form that the stack file has:
 * `{ secure: … }`, here around the text itself. Pulumi has decrypted them, so only the file tells which ones are in plain
 * there; these are left as they are, and the checks refuse them.
 *
 * @param file the stack's own file, as written. @default none: every secret variable is taken to be encrypted
 */
export function wrapSecrets(raw: RawConfig, file: RawConfig | undefined): RawConfig {
  const wrapped: RawConfig = { ...raw };
  if (Array.isArray(raw.services)) {
    const written: unknown = file?.services;
    wrapped.services = raw.services.map((service: unknown, index) =>
      wrapService(service, Array.isArray(written) ? (written as unknown[])[index] : undefined),
    );
  }
  if (raw.defaults !== undefined) wrapped.defaults = wrapService(raw.defaults, file?.defaults);
  return wrapped;
}

function wrapService(service: unknown, written: unknown): unknown {
  const { secretEnv } = blockOf(service);
  if (secretEnv === undefined) return service;
  const writtenEnv = blockOf(blockOf(written).secretEnv);
  const values: Block = Object.fromEntries(
    Object.entries(blockOf(secretEnv)).map(([name, value]) => {
      const isPlain = typeof writtenEnv[name] === "string";
      return [name, typeof value === "string" && !isPlain ? { secure: value } : value];
    }),
  );
  return { ...blockOf(service), secretEnv: values };
}
