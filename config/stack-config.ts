import { withoutUndefined } from "../host/without-undefined.ts";
import type { Identity } from "../service/src/identity.ts";
import { type ConfigOwner, ruleProblems } from "./check-rules.ts";
import { siblingProblems } from "./check-siblings.ts";
import { type ClusterConfig, defaultIpFamily } from "./cluster-config.ts";
import { ConfigError, type Problem } from "./config-error.ts";
import { type LinkWay, planLink } from "./link-plan.ts";
import type { ProveConfig } from "./prove-config.ts";
import { partsOf, type RawConfig } from "./raw-config.ts";
import type { Replicas } from "./replicas.ts";
import { localStackName } from "./stack-name.ts";
import { stackSchema } from "./stack-schema.ts";

/** The part of a cluster's HTTP traffic that goes to a service. */
export interface IngressRule {
  /** @default every host */
  host?: string;
  /** A prefix. @default "/" */
  path: string;
}

/** Whether a rule covers every host and path, so that the exposed URL leads to its service. */
export const isWholeSite = (rule: IngressRule | undefined): boolean =>
  rule !== undefined && rule.host === undefined && rule.path === "/";

/** A service of the stack. */
export interface ServiceConfig {
  name: string;
  namespace: string;
  /** @default the image that the stack builds */
  image?: string;
  /** Pods, at least 1; `autoscaled` leaves their number to an autoscaler. @default 2 */
  replicas: Replicas;
  /** The `NAME` that the service answers with. @default the service's name */
  applicationName: string;
  /** The `CLUSTER` that the service answers with. @default the stack's name */
  applicationCluster: string;
  /** @default none: the service can be called from inside the cluster only */
  ingress?: IngressRule;
  /** How its answer is judged. @default by its identity; with another image, by any answer from 200 to 399 */
  prove?: ProveConfig;
}

/** An in-cluster name for a service of another cluster. Exactly one of `stack` and `url` is set. */
export interface PeerConfig {
  alias: string;
  namespace: string;
  /**
   * The stack that the exposed URL comes from, as written: `staging`, or `organization/identity/staging`.
   * @default none: `url` is set
   */
  stack?: string;
  /** The stack of this project that `stack` means. @default none: it is another project's, or `url` is set */
  localStack?: string;
  /** The service of that stack, as `namespace/name`, that the alias leads to. @default what its ingress has at `/` */
  service?: string;
  /** Scheme, host and port, without a trailing slash. @default none: `stack` is set */
  url?: string;
  /** The way in which the alias is made. @default the simplest that is right for the URL */
  via?: LinkWay;
  /** What to do while the stack has no exposed URL: stop, or go on without the alias. @default "fail" */
  whenAbsent: "fail" | "omit";
  /** The Host header that the target receives. @default that of the service's ingress, or else the URL's */
  host?: string;
  /** Which identity service has to answer for the link to be proved. @default as `prove` says */
  expect?: Identity;
  /**
   * What has to be answered for the link to be proved.
   * @default what the service of the peer's stack was brought up with; if that is not known, any identity
   */
  prove?: ProveConfig;
  /** The certificate authority, as PEM, of an https target. @default the usual public authorities */
  caCertificate?: string;
}

/** The configuration of one stack, checked, and with the defaults filled in. */
export interface StackConfig {
  stack: string;
  cluster: ClusterConfig;
  services: ServiceConfig[];
  peers: PeerConfig[];
  /** Where other clusters reach this one. @default `http://<cluster>-control-plane`, on the nodes' Docker network */
  exposedUrl?: string;
}

/** What a stack's configuration is checked against. */
export interface ParseContext extends ConfigOwner {
  /** The project's stacks, as written; the stack itself may be among them. @default no check against other stacks */
  siblings?: Readonly<Record<string, RawConfig>>;
}

/**
 * Checks a stack's configuration and fills in the defaults.
 *
 * @throws ConfigError with every problem
 */
export function parseStackConfig(raw: RawConfig, { stack, project, siblings }: ParseContext): StackConfig {
  const shape = stackSchema.safeParse(raw);
  const parts = partsOf(raw);
  const others = Object.entries(siblings ?? {}).map(([name, other]) => [name, partsOf(other)] as const);
  const problems: Problem[] = [
    ...(shape.error?.issues ?? []).map(({ path, message }) => ({ at: path, message })),
    ...ruleProblems(parts, { stack, project }),
    ...(siblings === undefined ? [] : siblingProblems(stack, parts, Object.fromEntries(others))),
  ];
  if (!shape.success || problems.length > 0) throw new ConfigError(stack, problems);

  const { cluster, services, peers, exposedUrl } = shape.data;
  const ipFamily = cluster.ipFamily === defaultIpFamily ? undefined : cluster.ipFamily;
  return withoutUndefined({
    stack,
    cluster: withoutUndefined({ ...cluster, ipFamily }),
    services: services.map((service) =>
      withoutUndefined({ applicationName: service.name, applicationCluster: stack, ...service }),
    ),
    peers: peers.map((peer) => {
      const localStack = peer.stack === undefined ? undefined : localStackName(peer.stack, project);
      return withoutUndefined({ ...peer, localStack, url: plainUrl(peer.url) });
    }),
    exposedUrl: plainUrl(exposedUrl),
  });
}

/** The URL without a trailing slash or a default port. */
const plainUrl = (url: string | undefined) => (url === undefined ? undefined : planLink(url).url);
