/**
 * What the user asked for beyond bringing a stack up or down. The commands' options set these variables for Pulumi's
 * providers, which have no other way to hear of them; with plain `pulumi`, people set them themselves.
 */
export const askedVariables = {
  /** To take over, or away, what another fleet of this product made. */
  adopt: "FLEET_ADOPT",
  /** To replace a cluster or a registry that stands because its image has a newer version. */
  replace: "FLEET_REPLACE",
} as const;

export type Asked = keyof typeof askedVariables;

/** Whether the user asked for it. */
export const isAsked = (what: Asked): boolean => process.env[askedVariables[what]] === "true";

/** Has Pulumi's providers know what was asked for, and nothing else. */
export function ask(what: Readonly<Partial<Record<Asked, boolean>>>): void {
  for (const [key, variable] of Object.entries(askedVariables)) {
    process.env[variable] = String(what[key as Asked] ?? false);
  }
}
