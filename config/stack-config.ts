import { ConfigError, type Finding } from "./config-error.ts";
import { registryOffset } from "./cluster-config.ts";
import { ruleFindings } from "./check-rules.ts";
import { stackSchema } from "./stack-schema.ts";
import { siblingFindings } from "./check-siblings.ts";
import { localStackName } from "./stack-name.ts";
import { type LinkWay, planLink } from "./link-plan.ts";

export { ConfigError, type Problem } from "./config-error.ts";
export type { LinkWay } from "./link-plan.ts";

/** The kind cluster that a stack runs. */
export interface ClusterConfig {
  /** Also the kubeconfig context, as `kind-<name>`. */
  name: string;
  /** The host's port for the ingress; the registry listens {@link registryPort}. */
  httpPort: number;
  /** Nodes besides the control plane. @default 0 */
  workers: number;
  /** IPv4 only, or IPv6 beside it, which peers at IPv6 addresses take. @default "ipv4" */
  ipFamily?: "ipv4" | "dual";
}

/** What of the cluster's HTTP traffic goes to a service. */
export interface IngressRule {
  /** @default every host */
  host?: string;
  /** A prefix. @default "/" */
  path: string;
}

/** A service of the stack. */
export interface ServiceConfig {
  name: string;
  namespace: string;
  /** @default the image that the stack builds */
  image?: string;
  /** @default 2 */
  replicas: number;
  /** The `NAME` that the service answers with. @default the service's name */
  applicationName: string;
  /** The `CLUSTER` that the service answers with. @default the stack's name */
  applicationCluster: string;
  /** @default none: the service is reached from inside the cluster only */
  ingress?: IngressRule;
}

/** An in-cluster name for a service of another cluster; exactly one of `stack` and `url` is set. */
export interface PeerConfig {
  alias: string;
  namespace: string;
  /** The stack to take the exposed URL from, as written: `staging`, or `organization/identity/staging`. */
  stack?: string;
  /** The stack of this project that `stack` means; none when it is another project's. */
  localStack?: string;
  /** Scheme, host and port, without a trailing slash. */
  url?: string;
  /** Forces the way in which the alias is made. @default what the URL asks for */
  via?: LinkWay;
  /** What to do without the stack's exposed URL: stop, or go on without the alias. @default "fail" */
  whenAbsent: "fail" | "omit";
  /** Who has to answer for the link to be proved. @default known from the peer's stack only */
  expect?: { name: string; cluster: string };
  /** The authority, as PEM, that signed an https target's certificate. @default those that the world trusts */
  caCertificate?: string;
}

/** The configuration of one stack, checked and with the defaults filled in. */
export interface StackConfig {
  stack: string;
  cluster: ClusterConfig;
  services: ServiceConfig[];
  peers: PeerConfig[];
  /** Where other clusters reach this one. @default the node's name on the shared Docker network */
  exposedUrl?: string;
}

/** A stack's configuration as written: keys without the project's prefix, values plain. */
export type RawConfig = Record<string, unknown>;

/** The sections that are lists. */
const lists = new Set(["services", "peers"]);

/** The host's port of a cluster's registry. */
export const registryPort = (cluster: Pick<ClusterConfig, "httpPort">): number => cluster.httpPort + registryOffset;

/**
 * Checks a stack's configuration and fills in the defaults.
 *
 * @param siblings the stacks beside it, as written; the stack itself may be among them.
 *   @default no check against other stacks
 * @param project the Pulumi project, which full stack names are compared with. @default "identity"
 * @throws ConfigError with every mistake
 */
export function parseStackConfig(
  stack: string,
  raw: RawConfig,
  siblings?: Readonly<Record<string, RawConfig>>,
  project = "identity",
): StackConfig {
  const shape = stackSchema.safeParse(raw);
  const findings: Finding[] = [
    ...(shape.error?.issues ?? []).map(({ path, message }) => ({ at: path, message })),
    ...ruleFindings(raw, { stack, project }),
    ...(siblings === undefined ? [] : siblingFindings(stack, raw, siblings)),
  ];
  if (!shape.success || findings.length > 0) throw new ConfigError(stack, findings);

  const { cluster, services, peers, exposedUrl } = shape.data;
  return {
    stack,
    cluster: { ...cluster },
    services: services.map(({ ingress, ...service }) => ({
      applicationName: service.name,
      applicationCluster: stack,
      ...service,
      ...(ingress && { ingress }),
    })),
    peers: peers.map(({ url, ...peer }) => {
      const localStack = peer.stack === undefined ? undefined : localStackName(peer.stack, project);
      return { ...peer, ...(localStack && { localStack }), ...(url && { url: planLink(url).url }) };
    }),
    ...(exposedUrl && { exposedUrl: planLink(exposedUrl).url }),
  };
}

/**
 * The project's part of what Pulumi hands a program (`runtime.allConfig()`), as the stack file has it.
 *
 * Pulumi writes objects and lists as JSON, and an empty list as empty text.
 */
export function rawFromRuntime(all: Readonly<Record<string, string>>, project: string): RawConfig {
  const own = Object.entries(all).filter(([key]) => key.startsWith(`${project}:`));
  return Object.fromEntries(
    own.map(([fullKey, text]) => {
      const key = fullKey.slice(project.length + 1);
      return [key, text === "" && lists.has(key) ? [] : plainValue(text)];
    }),
  );
}

/** Text that isn't JSON is left for the checks to complain of. */
function plainValue(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
