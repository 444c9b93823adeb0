import type * as pulumi from "@pulumi/pulumi";
import type { StackConfig } from "../config/stack-config.ts";
import type { ResolvedPeer } from "./peers.ts";

/** A service, as the stack's outputs name it. */
export interface ServiceOutput {
  name: string;
  namespace: string;
  /** From any pod of the cluster. */
  url: string;
  /** Its image, where it is not the one that the stack builds. */
  image?: string;
  /** The path that the ingress serves it under, if any. */
  ingress?: { host?: string; path: string };
}

/** A link to another cluster, as it was last applied. */
export interface PeerOutput {
  alias: string;
  namespace: string;
  /** The stack that the URL came from, if it came from one. */
  stack?: string;
  /** The URL that the alias leads to; none when the alias was left out, or is not known yet. */
  url?: string;
  way: string;
  reason: string;
}

/** What a stack promises to whoever reads its outputs. Other stacks read `exposedUrl` only. */
export interface StackOutputs {
  /** The ingress, from the host. */
  url: string;
  /** The ingress, from another cluster. */
  exposedUrl: pulumi.Input<string>;
  /** The cluster's context in the kubeconfig. */
  context: pulumi.Input<string>;
  /** For the cluster's administrator; a secret. */
  kubeconfig: pulumi.Output<string>;
  /** The service's image, by digest. */
  image: pulumi.Input<string>;
  services: ServiceOutput[];
  peers: PeerOutput[];
}

/** The host's URL of a port on loopback. */
export const hostUrl = (port: number) => (port === 80 ? "http://localhost" : `http://localhost:${port}`);

export const serviceOutputs = ({ services }: StackConfig): ServiceOutput[] =>
  services.map(({ name, namespace, image, ingress }) => ({
    name,
    namespace,
    url: `http://${name}.${namespace}.svc.cluster.local`,
    ...(image !== undefined && { image }),
    ...(ingress && { ingress }),
  }));

export const peerOutputs = (peers: readonly ResolvedPeer[]): PeerOutput[] =>
  peers.map(({ alias, namespace, stack, plan, omitted }) => ({
    alias,
    namespace,
    ...(stack !== undefined && { stack }),
    ...(plan && { url: plan.url }),
    way: plan?.way ?? (omitted ? "omitted" : "unknown"),
    reason: plan?.reason ?? (omitted ? `stack ${stack} is not up, and whenAbsent is omit` : `stack ${stack} is not up`),
  }));
