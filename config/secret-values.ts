import { isExisting } from "./cluster-schema.ts";
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
  if (isExisting(raw.cluster)) wrapped.cluster = wrapCluster(blockOf(raw.cluster), blockOf(file?.cluster));
  if (raw.defaults !== undefined) wrapped.defaults = wrapService(raw.defaults, file?.defaults);
  return wrapped;
}

function wrapCluster(cluster: Block, written: Block): Block {
  const wrapped: Record<string, unknown> = { ...cluster };
  const { kubeconfig, registry } = cluster;
  // Without the file, a path is told from a secret by its having one line.
  const isPath = written.kubeconfig === undefined && typeof kubeconfig === "string" && !kubeconfig.includes("\n");
  if (kubeconfig !== undefined && !isPath) wrapped.kubeconfig = wrapValue(kubeconfig, written.kubeconfig);
  const { password } = blockOf(registry);
  if (password !== undefined) {
    const own = wrapValue(password, blockOf(written.registry).password);
    wrapped.registry = { ...blockOf(registry), password: own };
  }
  return wrapped;
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
