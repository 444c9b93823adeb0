import * as pulumi from "@pulumi/pulumi";
import type { PeerConfig, StackConfig } from "../config/stack-config.ts";
import { stackReferenceName } from "../config/stack-name.ts";
import { type LinkPlan, planFault, planLink, TargetError } from "../config/link-plan.ts";

/** A peer, and what is known of where it is. */
export interface ResolvedPeer extends PeerConfig {
  /** How its alias is made; undefined while its URL is not known, in a preview. */
  plan: LinkPlan | undefined;
  /** True when the stack has no URL to give, and the configuration says to go on without. */
  omitted: boolean;
}

/**
 * Looks up where every peer is. The only place where one stack reads another's outputs.
 *
 * @throws RunError, before anything is changed, when a peer's stack has no URL to give, or one that can't be linked to
 */
export async function resolvePeers({
  cluster,
  peers,
}: Pick<StackConfig, "cluster" | "peers">): Promise<ResolvedPeer[]> {
  const resolved: ResolvedPeer[] = [];
  const problems: string[] = [];
  const references = new Map<string, pulumi.StackReference>();
  for (const [index, peer] of peers.entries()) {
    try {
      const url = peer.url ?? (await exposedUrl(peer.stack ?? "", references));
      const plan = url === undefined ? undefined : planLink(url, peer);
      if (plan?.protocol === "http:" && peer.caCertificate !== undefined)
        throw new pulumi.RunError(
          `caCertificate is for https, and ${plan.url} has no certificate to verify: leave it out`,
        );
      const fault = plan && planFault(plan, peer.alias, cluster.ipFamily);
      if (fault !== undefined) throw new pulumi.RunError(fault.message);
      resolved.push({ ...peer, plan, omitted: url === undefined && absent(peer) });
    } catch (failure) {
      if (!(failure instanceof TargetError || failure instanceof pulumi.RunError)) throw failure;
      problems.push(`peers[${index}] (${peer.alias}): ${failure.message}`);
    }
  }
  if (problems.length > 0) throw new pulumi.RunError(problems.join("\n"));
  return resolved;
}

async function exposedUrl(stack: string, references: Map<string, pulumi.StackReference>): Promise<string | undefined> {
  const name = stackReferenceName(stack, { project: pulumi.getProject(), organization: pulumi.getOrganization() });
  const reference = references.get(name) ?? new pulumi.StackReference(name);
  references.set(name, reference);
  const { value } = (await reference.getOutputDetails("exposedUrl")) as { value?: unknown };
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Whether to go on without the alias; only a preview goes on with an unknown one. */
function absent({ alias, stack, whenAbsent, localStack }: PeerConfig): boolean {
  const state = `stack ${stack} is not up, so it has no exposedUrl for the alias ${alias}`;
  const remedy = localStack === undefined ? `Bring up ${stack} first` : `Run first: npm run up -- ${localStack}`;
  if (whenAbsent === "omit") {
    void pulumi.log.warn(`${state}: going on without it (whenAbsent: omit). ${remedy}`);
    return true;
  }
  if (!pulumi.runtime.isDryRun()) throw new pulumi.RunError(`${state}. ${remedy}`);
  void pulumi.log.warn(`${state}; it is shown as not known yet. ${remedy}`);
  return false;
}
