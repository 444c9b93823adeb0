import { type AnswerRule, identityRule, proveRule, ruleOfService } from "../../config/prove-config.ts";
import type { StackFiles } from "../../config/read-stacks.ts";
import type { ServiceConfig } from "../../config/service-config.ts";
import { isWholeSite, type PeerConfig } from "../../config/stack-config.ts";
import { localStackName } from "../../config/stack-name.ts";
import type { PeerOutput, ServiceOutput, StackOutputs } from "../../stacks/outputs.ts";

/** What is known of the stacks. */
export interface Known extends Pick<StackFiles, "configs" | "project"> {
  /** The outputs of stacks that are up, as far as they were read. */
  outputs: ReadonlyMap<string, StackOutputs>;
}

/** What a stack's file says of a service; undefined when it has none of that name. */
export const serviceInFile = (
  stack: string,
  service: Pick<ServiceOutput, "name" | "namespace">,
  { configs }: Pick<StackFiles, "configs">,
): ServiceConfig | undefined =>
  configs.get(stack)?.services.find(({ name, namespace }) => {
    return name === service.name && namespace === service.namespace;
  });

/** What the file of a peer's stack says of the service that a link leads to; undefined when there is no such file here. */
export function linkedService(
  link: PeerOutput,
  { configs, project }: Pick<StackFiles, "configs" | "project">,
): ServiceConfig | undefined {
  const local = link.stack === undefined ? undefined : localStackName(link.stack, project);
  return local === undefined ? undefined : configs.get(local)?.services.find(isTargetOf(link));
}

/** What a service must answer: as it was brought up, or, after a version that didn't record it, as its file says. */
export function serviceRule(
  stack: string,
  service: ServiceOutput,
  { configs }: Pick<StackFiles, "configs">,
): AnswerRule {
  if (service.prove !== undefined) return service.prove;
  const config = serviceInFile(stack, service, { configs });
  return config === undefined ? identityRule("any") : ruleOfService(config);
}

/**
 * What must answer at a link. What its own stack's file says comes first. Then what the peer's stack was brought up with:
 * as it is now, where its outputs are known, or else as it was when the link was applied. At last, what the file says
 * from which a version that recorded nothing brought it up.
 */
export function linkRule(stack: string, link: PeerOutput, known: Known): AnswerRule {
  const config = known.configs.get(stack)?.peers.find(isApplied(link));
  if (config?.expect !== undefined) return identityRule(config.expect, link.basePath);
  if (config?.prove !== undefined) return proveRule(config.prove, link.basePath);
  const local = link.stack === undefined ? undefined : localStackName(link.stack, known.project);
  const now = local === undefined ? undefined : known.outputs.get(local)?.services.find(isTargetOf(link))?.prove;
  const fromFile = linkedService(link, known);
  return now ?? link.prove ?? (fromFile && ruleOfService(fromFile)) ?? identityRule("any", link.basePath);
}

/** Tells which peer in a file is the one that a link was made for: its target may have been edited since. */
const isApplied = (link: PeerOutput) => (peer: PeerConfig) =>
  peer.alias === link.alias &&
  peer.namespace === link.namespace &&
  peer.stack === link.stack &&
  peer.service === link.service &&
  (peer.url === undefined || peer.url === link.url);

/** Tells which service of the peer's stack a link leads to. */
const isTargetOf =
  ({ service }: PeerOutput) =>
  ({ name, namespace, ingress }: Pick<ServiceOutput, "name" | "namespace" | "ingress">): boolean =>
    service === undefined ? isWholeSite(ingress) : service === `${namespace}/${name}`;
