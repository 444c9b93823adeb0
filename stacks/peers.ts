import * as pulumi from "@pulumi/pulumi";
import { type LinkPlan, LinkPlanError, planLink, planProblems } from "../config/link-plan.ts";
import type { PeerConfig, StackConfig } from "../config/stack-config.ts";
import { stackReferenceName } from "../config/stack-name.ts";
import { upCommand } from "../config/wording.ts";
import type { StackOutputs } from "./outputs.ts";

/** A peer, and what is known of its target. */
export interface ResolvedPeer extends PeerConfig {
  /** How its alias is made. Undefined when it is omitted, and in a preview that doesn't know its URL yet. */
  plan: LinkPlan | undefined;
  /** True when the stack has no URL, and the configuration says to go on without the alias. */
  omitted: boolean;
}

/**
 * Looks up the target of every peer. This is the only place where one stack reads another's outputs.
 *
 * @throws RunError, before anything is changed, when a peer's stack has no URL, or one that no link can lead to
 */
export async function resolvePeers({
  cluster,
  peers,
}: Pick<StackConfig, "cluster" | "peers">): Promise<ResolvedPeer[]> {
  const resolved: ResolvedPeer[] = [];
  const problems: string[] = [];
  const references = new Map<string, pulumi.StackReference>();
  for (const [index, peer] of peers.entries()) {
    const add = (message: string) => problems.push(`peers[${index}] (${peer.alias}): ${message}`);
    try {
      const url = peer.url ?? (await exposedUrlOf(peer.stack ?? "", references));
      const plan = url === undefined ? undefined : planLink(url, peer);
      const { alias, caCertificate } = peer;
      const surroundings = { alias, caCertificate, clusterIpFamily: cluster.ipFamily };
      for (const { setting, message } of plan ? planProblems(plan, surroundings) : []) {
        // The message names the URL, but not the setting that it is about.
        add(setting === "caCertificate" ? `caCertificate is for https, and ${message}` : message);
      }
      resolved.push({ ...peer, plan, omitted: url === undefined && isOmitted(peer) });
    } catch (error) {
      if (!(error instanceof LinkPlanError || error instanceof pulumi.RunError)) throw error;
      add(error.message);
    }
  }
  if (problems.length > 0) throw new pulumi.RunError(problems.join("\n"));
  return resolved;
}

async function exposedUrlOf(
  stack: string,
  references: Map<string, pulumi.StackReference>,
): Promise<string | undefined> {
  const name = stackReferenceName(stack, { project: pulumi.getProject(), organization: pulumi.getOrganization() });
  const reference = references.get(name) ?? new pulumi.StackReference(name);
  references.set(name, reference);
  const { value } = (await reference.getOutputDetails("exposedUrl" satisfies keyof StackOutputs)) as {
    value?: unknown;
  };
  return typeof value === "string" && value !== "" ? value : undefined;
}

/**
 * Whether to go on without the alias of a peer that has no URL. If not, only a preview goes on, with an unknown target.
 *
 * @throws RunError where neither is possible
 */
function isOmitted({ alias, stack, whenAbsent, localStack }: PeerConfig): boolean {
  const state = `stack ${stack} is not up, so it has no exposedUrl for the alias ${alias}`;
  const remedy = localStack === undefined ? `Bring up ${stack} first` : `Run first: ${upCommand(localStack)}`;
  if (whenAbsent === "omit") {
    void pulumi.log.warn(`${state}: going on without it (whenAbsent: omit). ${remedy}`);
    return true;
  }
  if (!pulumi.runtime.isDryRun()) throw new pulumi.RunError(`${state}. ${remedy}`);
  void pulumi.log.warn(`${state}; it is shown as not known yet. ${remedy}`);
  return false;
}
