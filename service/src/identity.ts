/** Who answers: a service, and the cluster that it runs in. */
export interface Identity {
  name: string;
  cluster: string;
}

/** The longest `NAME` or `CLUSTER` that the service accepts, in characters. */
export const longestName = 253;

/** The path at which the service tells its identity. */
export const identityPath = "/cluster";

/** The text that the service answers `GET /cluster` with. */
export const identityText = ({ name, cluster }: Identity): string => `This is ${name} in cluster ${cluster}`;

/**
 * Reads what {@link identityText} wrote.
 * @returns undefined when the answer is another text
 */
export function parseIdentity(answer: string): Identity | undefined {
  const [, name, cluster] = /^This is (.+) in cluster (.+)$/.exec(answer.trim()) ?? [];
  return name === undefined || cluster === undefined ? undefined : { name, cluster };
}

export const sameIdentity = (a: Identity, b: Identity): boolean => a.name === b.name && a.cluster === b.cluster;
