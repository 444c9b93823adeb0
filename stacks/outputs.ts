import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { inClusterUrl } from "../config/cluster-config.ts";
import { linkWays } from "../config/link-plan.ts";
import { type AnswerRule, ruleOfService } from "../config/prove-config.ts";
import type { StackConfig } from "../config/stack-config.ts";
import { withoutUndefined } from "../host/without-undefined.ts";
import type { ResolvedPeer } from "./peers.ts";

/** How it is judged who answers; see AnswerRule. */
const answerRule: z.ZodType<AnswerRule> = z.object({
  path: z.string(),
  identity: z.union([z.object({ name: z.string(), cluster: z.string() }), z.literal("any")]).optional(),
  status: z.number().optional(),
  contains: z.string().optional(),
  json: z.unknown().optional(),
});

/** The schema of a service in a stack's outputs. */
export const serviceOutput = z.object({
  name: z.string(),
  namespace: z.string(),
  /** From any pod of the cluster. */
  url: z.string(),
  /** Its image, or the folder that it is built from. None: it is the identity service's, which has Node. */
  image: z.string().optional(),
  /** The part of the ingress's traffic that it serves. */
  ingress: z.object({ host: z.string().optional(), path: z.string() }).optional(),
  /** What it must answer. None in the outputs of version 1.0. */
  prove: answerRule.optional(),
});

/** A link to another cluster, as it was last applied. */
const peerOutput = z.object({
  alias: z.string(),
  namespace: z.string(),
  /** The stack that the URL came from, if it came from one. */
  stack: z.string().optional(),
  /** The URL that the alias leads to; none when the alias was left out, or is not known yet. */
  url: z.string().optional(),
  /** How the alias was made. `omitted`: it was left out; `unknown`: its URL is not known yet. */
  way: z.enum([...linkWays, "omitted", "unknown"]),
  /** Why in this way, in words for people. */
  reason: z.string(),
  /** The service of the peer's stack that it leads to, where one was named. */
  service: z.string().optional(),
  /** The Host header that the target receives, where it is not that of its URL. */
  host: z.string().optional(),
  /** The path at which the target serves the service, where it is not "/". */
  basePath: z.string().optional(),
  /** What must answer, as it was known when the link was applied. None in the outputs of version 1.0. */
  prove: answerRule.optional(),
});

/** The schema of a stack's outputs. Other stacks read only `exposedUrl`, `caCertificate` and `services`. Nothing in it is secret. */
export const stackOutputs = z.object({
  /** The ingress, from the host. */
  url: z.string(),
  /** The ingress, from another cluster. */
  exposedUrl: z.string(),
  /** The authority, as PEM, that signed the certificate of an https URL. @default publicly trusted ones */
  caCertificate: z.string().optional(),
  /** The cluster's context in the kubeconfig. */
  context: z.string(),
  /** The kubeconfig file, seen from the stack file, where it is not the user's; or that it is a secret of that file. */
  kubeconfig: z.string().optional(),
  /** The cluster's identity: the uid of its namespace kube-system. None of clusters of earlier versions. */
  uid: z.string().optional(),
  /** The service's image, by digest. */
  image: z.string(),
  services: z.array(serviceOutput),
  peers: z.array(peerOutput),
});

/** A stack's outputs that the commands read. */
export type StackOutputs = z.infer<typeof stackOutputs>;

export type PeerOutput = StackOutputs["peers"][number];

export type ServiceOutput = StackOutputs["services"][number];

/** The outputs while the program runs, when some are not known yet. */
export interface ProgramOutputs extends Omit<StackOutputs, "url" | "exposedUrl" | "context" | "uid" | "image"> {
  url: pulumi.Input<string>;
  exposedUrl: pulumi.Input<string>;
  context: pulumi.Input<string>;
  uid: pulumi.Input<string | undefined>;
  image: pulumi.Input<string>;
}

/** The services, from a stack's configuration. */
export const serviceOutputs = ({ services }: StackConfig): StackOutputs["services"] =>
  services.map((service) => {
    const { name, namespace, build, image = build?.context, ingress } = service;
    const url = inClusterUrl(name, namespace);
    return withoutUndefined({ name, namespace, url, image, ingress, prove: ruleOfService(service) });
  });

/** The links, from what is known of the peers. */
export const peerOutputs = (peers: readonly ResolvedPeer[]): PeerOutput[] =>
  peers.map(({ alias, namespace, stack, service, plan, omitted, basePath, rule }) => {
    const { way, reason } = plan ?? unmadeLink(stack, omitted);
    const link = { alias, namespace, stack, service, url: plan?.url, way, reason, host: plan?.hostHeader, basePath };
    return withoutUndefined({ ...link, prove: rule });
  });

const unmadeLink = (stack: string | undefined, omitted: string | undefined): Pick<PeerOutput, "way" | "reason"> =>
  omitted === undefined
    ? { way: "unknown", reason: `stack ${stack} is not up` }
    : { way: "omitted", reason: `${omitted}, and whenAbsent is omit` };
