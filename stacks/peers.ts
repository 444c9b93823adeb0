import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { unreachableService } from "../config/check-siblings.ts";
import { madeHere } from "../config/cluster-config.ts";
import { type LinkPlan, LinkPlanError, planLink, planProblems } from "../config/link-plan.ts";
import { type AnswerRule, identityRule, proveRule } from "../config/prove-config.ts";
import { isWholeSite, type PeerConfig, type StackConfig } from "../config/stack-config.ts";
import { stackFileName, stackReferenceName } from "../config/stack-name.ts";
import { exposedAuthorityOf, exposedUrlOf } from "../config/together.ts";
import { show, upCommand } from "../config/wording.ts";
import { serviceOutput, type ServiceOutput, serviceOutputs, type StackOutputs } from "./outputs.ts";

/** A peer, and what is known of its target. */
export interface ResolvedPeer extends PeerConfig {
  /** How its alias is made. Undefined when it is omitted, and in a preview that doesn't know its URL yet. */
  plan: LinkPlan | undefined;
  /** Why it is left out, where the configuration says to go on without the alias. @default it is not left out */
  omitted?: string;
  /** What must answer at the alias. @default not known */
  rule?: AnswerRule;
  /** The path at which the target serves the service. @default "/" */
  basePath?: string;
}

/** What a peer leads to. */
interface Target {
  url: string;
  /** The host under which the target's ingress knows the service. @default the URL's */
  host?: string;
  basePath?: string;
  rule?: AnswerRule;
  /** The authority of an https URL. @default the peer's, or publicly trusted ones */
  caCertificate?: string;
}

/** A peer that its stack file, or another stack's, has to be changed for. */
class PeerError extends Error {
  override readonly name = "PeerError";
}

/**
 * Looks up the target of every peer. This is the only place where one stack reads another's outputs.
 *
 * @param together the stacks that are brought up beside this one, by name: their files say what they will have. @default
 *   none
 * @throws RunError, before anything is changed, when a peer's stack has no URL, or one that no link can lead to
 */
export async function resolvePeers(
  { cluster, peers, exposedUrl }: Pick<StackConfig, "cluster" | "peers" | "exposedUrl">,
  together: ReadonlyMap<string, StackConfig> = new Map(),
): Promise<ResolvedPeer[]> {
  const resolved: ResolvedPeer[] = [];
  const problems: string[] = [];
  const stacks = new Map<string, Promise<PeerStack | undefined>>();
  for (const [index, peer] of peers.entries()) {
    const add = (message: string) => problems.push(`peers[${index}] (${peer.alias}): ${message}`);
    try {
      const target = await targetOf(peer, stacks, together);
      if ("absent" in target) {
        const omitted = goOnWithout(peer, target.absent) ? target.absent : undefined;
        resolved.push({ ...peer, plan: undefined, omitted });
        continue;
      }
      const plan = planLink(target.url, { via: peer.via, host: peer.host ?? target.host });
      const { alias } = peer;
      const caCertificate = peer.caCertificate ?? target.caCertificate;
      const own = { clusterIpFamily: cluster.ipFamily, clusterName: madeHere(cluster), exposedUrl };
      for (const { setting, message } of planProblems(plan, { alias, caCertificate, ...own })) {
        // The message names the URL, but not the setting that it is about.
        add(setting === "caCertificate" ? `caCertificate is for https, and ${message}` : message);
      }
      resolved.push({ ...peer, caCertificate, plan, basePath: target.basePath, rule: ruleOf(peer, target) });
    } catch (error) {
      if (!(error instanceof LinkPlanError || error instanceof PeerError)) throw error;
      add(error.message);
    }
  }
  if (problems.length > 0) throw new pulumi.RunError(problems.join("\n"));
  return resolved;
}

/** What must answer: what the peer says, or else what its stack was brought up with. */
function ruleOf({ expect, prove }: PeerConfig, { basePath, rule }: Target): AnswerRule | undefined {
  if (expect !== undefined) return identityRule(expect, basePath);
  return prove === undefined ? rule : proveRule(prove, basePath);
}

/** Where a peer leads; `absent` says what is not there yet. @throws PeerError */
async function targetOf(
  { stack, localStack = "", url, service, host }: PeerConfig,
  stacks: Map<string, Promise<PeerStack | undefined>>,
  together: ReadonlyMap<string, StackConfig>,
): Promise<Target | { absent: string }> {
  if (stack === undefined) return { url: url ?? "" };
  const name = stackReferenceName(stack, { project: pulumi.getProject(), organization: pulumi.getOrganization() });
  const looked = stacks.get(name) ?? lookUp(name);
  stacks.set(name, looked);
  // The reference stays in the state, whether or not the other stack is brought up together with this one.
  const known = await looked;
  const beside = together.get(localStack);
  const peer = (beside && asPeer(beside)) ?? known;
  if (peer === undefined) return { absent: `stack ${stack} is not up` };
  const site = { url: peer.exposedUrl, caCertificate: peer.caCertificate };
  if (service === undefined) return { ...site, rule: siteRule(peer.services) };

  const found = peer.services.find((other) => `${other.namespace}/${other.name}` === service);
  if (found === undefined) {
    const names = peer.services.map((other) => `${other.namespace}/${other.name}`);
    return { absent: `stack ${stack} was brought up without a service ${show(service)} (it has ${show(names)})` };
  }
  const place = stack.includes("/") ? `the file of ${stack}` : stackFileName(stack);
  const problem = unreachableService(service, place, found.ingress, host);
  if (problem !== undefined) throw new PeerError(`${problem}, and bring ${stack} up again`);
  const basePath = found.ingress?.path === "/" ? undefined : found.ingress?.path;
  return { ...site, host: found.ingress?.host, basePath, rule: found.prove };
}

/** What answers at a whole site. */
const siteRule = (services: readonly ServiceOutput[]): AnswerRule | undefined =>
  services.find(({ ingress }) => isWholeSite(ingress))?.prove;

/** What is read of a peer's stack that is up. */
interface PeerStack extends Pick<StackOutputs, "exposedUrl" | "caCertificate"> {
  /** Empty when the stack is another program's. */
  services: ServiceOutput[];
}

/** What a stack will expose once it is brought up as its file says; undefined where the file does not say it. */
function asPeer(config: StackConfig): PeerStack | undefined {
  const exposedUrl = exposedUrlOf(config);
  if (exposedUrl === undefined) return undefined;
  return { exposedUrl, caCertificate: exposedAuthorityOf(config), services: serviceOutputs(config) };
}

/** What a stack that is up exposes; undefined when it is not up, or the backend does not know it. */
async function lookUp(name: string): Promise<PeerStack | undefined> {
  if (!(await isKnown(name))) return undefined;
  const reference = new pulumi.StackReference(name);
  const read = async (output: keyof StackOutputs): Promise<unknown> => (await reference.getOutputDetails(output)).value;
  const exposedUrl = await read("exposedUrl");
  if (typeof exposedUrl !== "string" || exposedUrl === "") return undefined;
  const authority = await read("caCertificate");
  const caCertificate = typeof authority === "string" ? authority : undefined;
  return { exposedUrl, caCertificate, services: z.array(serviceOutput).safeParse(await read("services")).data ?? [] };
}

/** Pulumi's words for a stack that its backend has never heard of, or can't have under its organisation's name. */
const unknownStack = /unknown stack|organization name must be/;

/** Whether the backend knows a stack. A reference to one that it doesn't know would end the program. */
async function isKnown(name: string): Promise<boolean> {
  try {
    await pulumi.runtime.invoke("pulumi:pulumi:readStackOutputs", { name });
    return true;
  } catch (error) {
    if (error instanceof Error && unknownStack.test(error.message)) return false;
    throw error;
  }
}

/**
 * Whether to go on without the alias of a peer that is not there. If not, only a preview goes on, with an unknown target.
 *
 * @throws PeerError where neither is possible
 */
function goOnWithout({ alias, stack, whenAbsent, localStack }: PeerConfig, absent: string): boolean {
  const state = `${absent}, so there is nothing that the alias ${alias} could lead to`;
  const remedy = localStack === undefined ? `Bring up ${stack} first` : `Run first: ${upCommand(localStack)}`;
  if (whenAbsent === "omit") {
    void pulumi.log.warn(`${state}: going on without it (whenAbsent: omit). ${remedy}`);
    return true;
  }
  if (!pulumi.runtime.isDryRun()) throw new PeerError(`${state}. ${remedy}`);
  void pulumi.log.warn(`${state}; it is shown as not known yet. ${remedy}`);
  return false;
}
