/** A status with an address. Pulumi's types don't say so, but there is none in a preview, or where nobody waits for it. */
export interface GivenAddress {
  loadBalancer?: { ingress?: { hostname?: string; ip?: string }[] };
}

/** The first name or address in a status; undefined when it has none. */
export function firstAddressOf(status: GivenAddress | undefined): string | undefined {
  const first = status?.loadBalancer?.ingress?.[0];
  return first?.hostname ?? first?.ip;
}

/** Pulumi's limits of the wait for an address. */
export const addressTimeouts = { create: "3m", update: "3m" };
