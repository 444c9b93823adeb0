import type { StackFiles } from "../../config/read-stacks.ts";

/** Who answers `/cluster`. */
export interface Identity {
  name: string;
  cluster: string;
}

/** Reads an answer of the identity service; undefined when it is not one. */
export function parseIdentity(answer: string): Identity | undefined {
  const [, name, cluster] = /^This is (.+) in cluster (.+)$/.exec(answer.trim()) ?? [];
  return name === undefined || cluster === undefined ? undefined : { name, cluster };
}

/** Who answers at a stack's exposed URL: the service that its ingress serves at `/`; undefined when there is none. */
export function identityOf({ configs }: StackFiles, stack: string): Identity | undefined {
  const service = configs
    .get(stack)
    ?.services.find(({ ingress }) => ingress?.host === undefined && ingress?.path === "/");
  return service && { name: service.applicationName, cluster: service.applicationCluster };
}
