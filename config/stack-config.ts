import { withoutUndefined } from "../host/without-undefined.ts";
import type { Identity } from "../service/src/identity.ts";
import { type ConfigOwner, ruleProblems } from "./check-rules.ts";
import { siblingProblems } from "./check-siblings.ts";
import { type ClusterConfig, defaultIpFamily } from "./cluster-config.ts";
import { type ClusterSchema, isExisting } from "./cluster-schema.ts";
import { ConfigError, type Problem } from "./config-error.ts";
import { type LinkWay, planLink } from "./link-plan.ts";
import type { ProveConfig } from "./prove-config.ts";
import { partsOf, type RawConfig } from "./raw-config.ts";
import { localStackName } from "./stack-name.ts";
import { readService, type ServiceConfig } from "./service-config.ts";
import { isOfDefaults, withDefaults } from "./service-defaults.ts";
import { sourceProblems } from "./check-sources.ts";
import { serviceProblems } from "./check-services.ts";
import { stackSchema } from "./stack-schema.ts";

export { isWholeSite } from "./service-config.ts";

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
  /**
   * Where other clusters reach this one.
   * @default `http://<cluster>-control-plane`, on the nodes' Docker network; the address that the ingress of a cluster
   *   that exists is given
   */
  exposedUrl?: string;
}

/** What a stack's configuration is checked against. */
export interface ParseContext extends ConfigOwner {
  /** The project's stacks, as written; the stack itself may be among them. @default no check against other stacks */
  siblings?: Readonly<Record<string, RawConfig>>;
  /** The stack file's folder, where builds and files are looked for. @default they are not looked for */
  folder?: string;
}

/**
 * Checks a stack's configuration and fills in the defaults.
 *
 * @throws ConfigError with every problem
 */
export function parseStackConfig(raw: RawConfig, { stack, project, siblings, folder }: ParseContext): StackConfig {
  const merged = withDefaults(raw);
  const shape = stackSchema.safeParse(merged);
  const parts = partsOf(merged);
  const others = Object.entries(siblings ?? {}).map(([name, other]) => [name, partsOf(withDefaults(other))] as const);
  const found: Problem[] = [
    ...(shape.error?.issues ?? []).map(({ path, message }) => ({ at: path, message })),
    ...ruleProblems(parts, { stack, project }),
    ...serviceProblems(parts.services),
    ...(siblings === undefined ? [] : siblingProblems(stack, parts, Object.fromEntries(others))),
  ];
  const problems = found.filter((problem) => !isOfDefaults(problem, raw, found));
  if (!shape.success || problems.length > 0) throw new ConfigError(stack, problems);

  const { cluster, peers, exposedUrl } = shape.data;
  const services = shape.data.services.map((service) => readService(service, stack));
  const missing = folder === undefined ? [] : sourceProblems(services, folder);
  if (missing.length > 0) throw new ConfigError(stack, missing);
  return withoutUndefined({
    stack,
    cluster: readCluster(cluster),
    services,
    peers: peers.map((peer) => {
      const localStack = peer.stack === undefined ? undefined : localStackName(peer.stack, project);
      return withoutUndefined({ ...peer, localStack, url: plainUrl(peer.url) });
    }),
    exposedUrl: plainUrl(exposedUrl),
  });
}

function readCluster(cluster: ClusterSchema): ClusterConfig {
  if (!isExisting(cluster)) return withoutUndefined({ ...cluster, ipFamily: unlessDefault(cluster.ipFamily) });
  // Who pushes follows from whether there is a user.
  const registry = cluster.registry && withoutUndefined({ ...cluster.registry, login: undefined });
  return withoutUndefined({ ...cluster, ipFamily: unlessDefault(cluster.ipFamily), registry });
}

const unlessDefault = <Family extends string>(family: Family | undefined): Family | undefined =>
  family === defaultIpFamily ? undefined : family;

/** The URL without a trailing slash or a default port. */
const plainUrl = (url: string | undefined) => (url === undefined ? undefined : planLink(url).url);
