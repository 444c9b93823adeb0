import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { inClusterUrl } from "../config/cluster-config.ts";
import { linkWays } from "../config/link-plan.ts";
import type { StackConfig } from "../config/stack-config.ts";
import { withoutUndefined } from "../host/without-undefined.ts";
import type { ResolvedPeer } from "./peers.ts";

const serviceOutput = z.object({
  name: z.string(),
  namespace: z.string(),
  /** From any pod of the cluster. */
  url: z.string(),
  /** Its image, where it is not the one that the stack builds. */
  image: z.string().optional(),
  /** The part of the ingress's traffic that it serves. */
  ingress: z.object({ host: z.string().optional(), path: z.string() }).optional(),
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
});

/** The schema of a stack's outputs. Other stacks read only `exposedUrl`. */
export const stackOutputs = z.object({
  /** The ingress, from the host. */
  url: z.string(),
  /** The ingress, from another cluster. */
  exposedUrl: z.string(),
  /** The cluster's context in the kubeconfig. */
  context: z.string(),
  /** The service's image, by digest. */
  image: z.string(),
  services: z.array(serviceOutput),
  peers: z.array(peerOutput),
});

/** A stack's outputs that the commands read. */
export type StackOutputs = z.infer<typeof stackOutputs>;

export type PeerOutput = StackOutputs["peers"][number];

/** The outputs while the program runs, when some are not known yet. */
export interface ProgramOutputs extends Omit<StackOutputs, "exposedUrl" | "context" | "image"> {
  exposedUrl: pulumi.Input<string>;
  context: pulumi.Input<string>;
  image: pulumi.Input<string>;
  /** For the cluster's administrator; a secret, which no command reads. */
  kubeconfig: pulumi.Output<string>;
}

/** The URL of a loopback port, for calls from the host. */
export const hostUrl = (port: number): string => (port === 80 ? "http://localhost" : `http://localhost:${port}`);

/** The services, from a stack's configuration. */
export const serviceOutputs = ({ services }: StackConfig): StackOutputs["services"] =>
  services.map(({ name, namespace, image, ingress }) => {
    const url = inClusterUrl(name, namespace);
    return withoutUndefined({ name, namespace, url, image, ingress });
  });

/** The links, from what is known of the peers. */
export const peerOutputs = (peers: readonly ResolvedPeer[]): PeerOutput[] =>
  peers.map(({ alias, namespace, stack, plan, omitted }) => {
    const { way, reason } = plan ?? unmadeLink(stack, omitted);
    return withoutUndefined({ alias, namespace, stack, url: plan?.url, way, reason });
  });

const unmadeLink = (stack: string | undefined, omitted: boolean): Pick<PeerOutput, "way" | "reason"> =>
  omitted
    ? { way: "omitted", reason: `stack ${stack} is not up, and whenAbsent is omit` }
    : { way: "unknown", reason: `stack ${stack} is not up` };
