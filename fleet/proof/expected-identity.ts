import type { StackFiles } from "../../config/read-stacks.ts";
import { isWholeSite } from "../../config/stack-config.ts";
import { localStackName } from "../../config/stack-name.ts";
import { type Identity, identityText, parseIdentity, sameIdentity } from "../../service/src/identity.ts";
import type { PeerOutput } from "../../stacks/outputs.ts";

/** Who answers at a stack's exposed URL: the service that its ingress serves at `/`. Undefined when there is none. */
export function identityAt({ configs }: Pick<StackFiles, "configs">, stack: string): Identity | undefined {
  const service = configs.get(stack)?.services.find(({ ingress }) => isWholeSite(ingress));
  return service && { name: service.applicationName, cluster: service.applicationCluster };
}

/** What is expected of a link's target. */
export interface LinkExpectation {
  /** Who has to answer. @default any identity service */
  identity?: Identity;
  /** The certificate authority, as PEM, of the link's target. @default the usual public ones */
  caCertificate?: string;
}

/** What is expected of a link's target: what the stack's file says, or else the service of the peer's stack. */
export function linkExpectation(
  stack: string,
  { alias, namespace, stack: peerStack }: PeerOutput,
  files: StackFiles,
): LinkExpectation {
  const peers = files.configs.get(stack)?.peers ?? [];
  const config = peers.find((peer) => peer.alias === alias && peer.namespace === namespace);
  const local = peerStack === undefined ? undefined : localStackName(peerStack, files.project);
  const known = local === undefined ? undefined : identityAt(files, local);
  return { identity: config?.expect ?? known, caCertificate: config?.caCertificate };
}

/** Why an answer is not the expected one; undefined when it is. @param expected undefined: any identity service */
export function identityProblem(
  { status, body }: { status: number; body: string },
  expected: Identity | undefined,
): string | undefined {
  const found = status === 200 ? parseIdentity(body) : undefined;
  if (found && (expected === undefined || sameIdentity(found, expected))) return undefined;
  const wanted = expected ? `"${identityText(expected)}"` : "an identity";
  return `expected ${wanted}, got ${status} "${body.trim().slice(0, 200)}"`;
}
