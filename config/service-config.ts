import { withoutUndefined } from "../host/without-undefined.ts";
import type { Identity } from "../service/src/identity.ts";
import type { SecureValue } from "./check-service-values.ts";
import type { ProveConfig } from "./prove-config.ts";
import { defaultReplicas, type Replicas } from "./replicas.ts";
import type { ProbesSchema, ServiceSchema } from "./service-schema.ts";

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

/** What an image is built from, as the stack file says it. */
export interface BuildConfig {
  /** A folder, seen from the stack file's. */
  context: string;
  /** Seen from the context. @default "Dockerfile" */
  dockerfile?: string;
  /** A stage of the Dockerfile. @default the last one */
  target?: string;
  /** Build arguments. @default none */
  args?: Record<string, string>;
  /** @default the engine's own */
  platform?: string;
}

/** A port that a container listens on, as the stack file says it. */
export interface PortConfig {
  name: string;
  port: number;
  /** @default "TCP" */
  protocol: "TCP" | "UDP";
  /** `http`, or the name of another protocol. @default "http" for the first TCP port, unless another one has it */
  appProtocol?: string;
}

/** What a container may call outside the cluster. */
export interface EgressConfig {
  /** An address, a CIDR block, `internet` (every public address) or `any`. */
  to: string;
  /** @default every port */
  port?: number;
  protocol: "TCP" | "UDP";
}

/** Amounts of what a container uses, in Kubernetes' words. */
export interface Amounts {
  cpu?: string;
  memory?: string;
  "ephemeral-storage"?: string;
}

/** A service of the stack. What its pods make of it is in workload.ts, with the defaults that depend on one another. */
export interface ServiceConfig {
  name: string;
  namespace: string;
  /** What the image is built from. @default none: `image` is set, or it is the identity service */
  build?: BuildConfig;
  /** An image that exists. @default none: `build` is set, or it is the identity service */
  image?: string;
  /** Pods, at least 1; `autoscaled` leaves their number to an autoscaler. @default 2 */
  replicas: Replicas;
  /**
   * The `NAME` that an identity service answers with.
   * @default the service's name; none with `build` or `image`, unless `applicationCluster` is written
   */
  applicationName?: string;
  /** The `CLUSTER` that an identity service answers with. @default the stack's name, where there is a NAME */
  applicationCluster?: string;
  /** The port that the container listens on, for HTTP. @default 5000 */
  port?: number;
  /** What the container listens on, instead of `port`. */
  ports?: PortConfig[];
  /** @default none */
  env?: Record<string, string>;
  /** Encrypted variables: the text in the program, what Pulumi made of it in the commands. @default none */
  secretEnv?: Record<string, SecureValue>;
  /** Instead of the image's entry point. @default the image's */
  command?: string[];
  /** @default the image's */
  args?: string[];
  /** @default a TCP connection; `/healthz` and `/readyz` of an identity service */
  probes?: ProbesSchema;
  /**
   * How long a roll-out may go on without progress, and afterwards how long the service may take until it answers.
   * @default a little more than a container may take to start; 60 seconds until it answers
   */
  progressDeadlineSeconds?: number;
  /** What the node reserves for each pod, and what a pod may use at most; `cpu` and `memory` stand for both. */
  resources?: Amounts & { requests?: Amounts; limits?: Amounts };
  /** Files in the container, and where each comes from, seen from the stack file. @default none */
  files?: Record<string, string>;
  /** Folders of the container that it may write to; empty at first. @default none */
  writable?: string[];
  /** The Pod Security Standard that the pods meet. @default "restricted" */
  security?: "restricted" | "baseline";
  /** The container's user. @default the image's; 65532 for the identity service */
  runAsUser?: number;
  /** @default none: only the cluster's services, DNS and peers can be called */
  egress?: EgressConfig[];
  /** @default none: the service can be called from inside the cluster only */
  ingress?: IngressRule;
  /** How its answer is judged. @default by its identity; with another image, by any answer from 200 to 399 */
  prove?: ProveConfig;
}

/** A service with the defaults of what it leaves open. @param stack the stack's name */
export function readService({ build, ...read }: ServiceSchema, stack: string): ServiceConfig {
  const isBuiltIn = build === undefined && read.image === undefined;
  const isIdentity = isBuiltIn || read.applicationName !== undefined || read.applicationCluster !== undefined;
  const identity = isIdentity ? { applicationName: read.name, applicationCluster: stack } : {};
  return withoutUndefined({
    replicas: defaultReplicas,
    ...identity,
    ...withoutUndefined(read),
    build: build && withoutUndefined(build),
  });
}

/** Who an identity service says that it is; undefined for any other service. */
export const identityOf = ({ applicationName, applicationCluster }: ServiceConfig): Identity | undefined =>
  applicationName === undefined || applicationCluster === undefined
    ? undefined
    : { name: applicationName, cluster: applicationCluster };
