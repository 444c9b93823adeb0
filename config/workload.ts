import { withoutUndefined } from "../host/without-undefined.ts";
import { bytesOf, coresOf } from "./check-service-values.ts";
import { type Amounts, identityOf, type ServiceConfig } from "./service-config.ts";
import { areApart, type ProbeSchema } from "./service-schema.ts";

/** The port of every Service that leads to the container's first HTTP port. */
export const httpPort = 80;

/** The port that a container listens on, unless its service says another. */
export const defaultPort = 5000;

/** A port that a container listens on. */
export interface WorkloadPort {
  name: string;
  port: number;
  protocol: "TCP" | "UDP";
  /**
   * What a Service calls it: its name where the stack file says its number, so that pods which still have another number
   * are reached until they are replaced.
   */
  target: number | string;
  /** Whether it speaks HTTP. The Service's port 80 and the Ingress lead to the first one that does. */
  http: boolean;
}

/** What Kubernetes asks a container. */
export interface WorkloadProbe {
  /** Asked for by HTTP. @default none: a TCP connection is enough */
  path?: string;
  port: number;
  /** How long the container may take to start; of the startup probe only. @default 60 */
  withinSeconds?: number;
}

/** What Kubernetes needs to know to run a service's pods. */
export interface Workload {
  /** What the container listens on; the first is its `PORT`. Empty: nothing calls it, and it has no Service. */
  ports: WorkloadPort[];
  /** The first port that speaks HTTP. @default none does */
  httpPort?: number;
  probes: { startup?: WorkloadProbe; readiness?: WorkloadProbe; liveness?: WorkloadProbe };
  /** What the node reserves for each pod, and what a pod may use at most. */
  resources: { requests: Amounts; limits: Amounts };
}

/** What every container of the identity service uses. */
const identityResources = {
  requests: { cpu: "5m", memory: "64Mi", "ephemeral-storage": "16Mi" },
  limits: { cpu: "1", memory: "192Mi", "ephemeral-storage": "64Mi" },
};

/** What a container of which nothing is known may use. */
const otherResources = {
  requests: { cpu: "5m", memory: "64Mi", "ephemeral-storage": "16Mi" },
  limits: { cpu: "1", memory: "512Mi", "ephemeral-storage": "1Gi" },
};

/** What a service's pods are made of, with the defaults of what the stack file leaves open. */
export function workloadOf(service: ServiceConfig): Workload {
  const ports = portsOf(service);
  return withoutUndefined({
    ports,
    httpPort: ports.find(({ http }) => http)?.port,
    probes: probesOf(service, ports),
    resources: resourcesOf(service),
  });
}

/** The first port that is said to speak HTTP, or else the first TCP port, unless that is said to speak something else. */
export function firstHttpPort<Port extends { protocol?: unknown; appProtocol?: unknown }>(
  ports: readonly Port[],
): Port | undefined {
  const said = ports.find(({ appProtocol }) => appProtocol === "http");
  const first = ports.find(({ protocol }) => protocol === "TCP");
  return said ?? (first?.appProtocol === undefined ? first : undefined);
}

function portsOf({ port, ports }: ServiceConfig): WorkloadPort[] {
  if (ports === undefined) {
    const target = port === undefined ? defaultPort : "http";
    return [{ name: "http", port: port ?? defaultPort, protocol: "TCP", target, http: true }];
  }
  const main = firstHttpPort(ports);
  return ports.map((each) => ({
    name: each.name,
    port: each.port,
    protocol: each.protocol,
    target: each.name,
    http: each === main || each.appProtocol === "http",
  }));
}

function probesOf(service: ServiceConfig, ports: readonly WorkloadPort[]): Workload["probes"] {
  const port = (ports.find(({ http }) => http) ?? ports.find(({ protocol }) => protocol === "TCP"))?.port;
  const filled = (probe: ProbeSchema): WorkloadProbe | undefined => {
    if (probe === "none") return undefined;
    const { port: asked = port, ...rest } = probe === "tcp" ? {} : probe;
    return asked === undefined ? undefined : { ...rest, port: asked };
  };
  const isIdentity = identityOf(service) !== undefined;
  const apart = areApart(service.probes) ? service.probes : undefined;
  const all = areApart(service.probes) ? undefined : service.probes;
  const readiness = apart?.readiness ?? all ?? (isIdentity ? { path: "/readyz" } : "tcp");
  const liveness = apart?.liveness ?? all ?? (isIdentity ? { path: "/healthz" } : "tcp");
  const startup = apart?.startup ?? readiness;
  return withoutUndefined({ startup: filled(startup), readiness: filled(readiness), liveness: filled(liveness) });
}

/** `cpu` alone is what is reserved, and `memory` alone is also the limit. A limit is never below what is reserved. */
function resourcesOf(service: ServiceConfig): Workload["resources"] {
  const isBuiltIn = service.build === undefined && service.image === undefined;
  const { requests: least, limits: most } = isBuiltIn ? identityResources : otherResources;
  const { cpu, memory, requests = {}, limits = {} } = service.resources ?? {};
  const reserved = { ...least, ...withoutUndefined({ cpu, memory }), ...withoutUndefined(requests) };
  const raised = (key: keyof typeof least, sizeOf: (amount: string) => number) =>
    sizeOf(reserved[key] ?? least[key]) > sizeOf(most[key]) ? reserved[key] : undefined;
  const enough = withoutUndefined({
    cpu: raised("cpu", coresOf),
    memory: memory ?? raised("memory", bytesOf),
    "ephemeral-storage": raised("ephemeral-storage", bytesOf),
  });
  return { requests: reserved, limits: { ...most, ...enough, ...withoutUndefined(limits) } };
}
