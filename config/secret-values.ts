import { type Block, blockOf, type RawConfig } from "./raw-config.ts";

/**
 * The configuration that Pulumi hands to a program, with its secrets in the form that the stack file has:
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
  if (blockOf(blockOf(raw.cluster).registry).password !== undefined) {
    wrapped.cluster = wrapPassword(blockOf(raw.cluster), file?.cluster);
  }
  if (raw.defaults !== undefined) wrapped.defaults = wrapService(raw.defaults, file?.defaults);
  return wrapped;
}

function wrapPassword(cluster: Block, written: unknown): unknown {
  const registry = blockOf(cluster.registry);
  const { password } = blockOf(blockOf(written).registry);
  return { ...cluster, registry: { ...registry, password: wrapValue(registry.password, password) } };
}

/** What the file has in plain stays as it is. */
const wrapValue = (value: unknown, written: unknown): unknown =>
  typeof value === "string" && typeof written !== "string" ? { secure: value } : value;

function wrapService(service: unknown, written: unknown): unknown {
  const { secretEnv } = blockOf(service);
  if (secretEnv === undefined) return service;
  const writtenEnv = blockOf(blockOf(written).secretEnv);
  const values: Block = Object.fromEntries(
    Object.entries(blockOf(secretEnv)).map(([name, value]) => [name, wrapValue(value, writtenEnv[name])]),
  );
  return { ...blockOf(service), secretEnv: values };
}
