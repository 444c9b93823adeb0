import type { ExistingClusterConfig } from "./existing-cluster-config.ts";

/** The cluster that a stack runs on. */
export type ClusterConfig = KindClusterConfig | ExistingClusterConfig;

/** A cluster that kind makes. */
export interface KindClusterConfig {
  /** Also the kubeconfig context's name, as `kind-<name>`. */
  name: string;
  /** The host's port, on loopback, that leads to the ingress; host-ports.ts derives the registry's from it. */
  httpPort: number;
  /** Nodes in addition to the control plane. @default 0 */
  workers: number;
  /** `dual` adds IPv6, which peers with IPv6 addresses need. @default {@link defaultIpFamily} */
  ipFamily?: "ipv4" | "dual";
}

/** The name of a cluster that is made on this machine's Docker engine; undefined for one that others made. */
export const madeHere = (cluster: ClusterConfig): string | undefined =>
  "context" in cluster ? undefined : cluster.name;

/** The address families of a cluster's pods and Services. `dual`: both. */
export type IpFamily = "ipv4" | "ipv6" | "dual";

/** The IP family of a cluster without `ipFamily`. States and clusters' marks leave it out even if a file names it. */
export const defaultIpFamily = "ipv4";

/** A cluster's first node: its container's name, which is also its host name on the Docker network of all nodes. */
export const controlPlaneName = (cluster: string): string => `${cluster}-control-plane`;

/** Whether a name is that of one of a cluster's nodes. */
export const isNodeOf = (cluster: string, host: string): boolean =>
  host === controlPlaneName(cluster) ||
  (host.startsWith(`${cluster}-`) && /^worker\d*$/.test(host.slice(cluster.length + 1)));

/** The namespace of a cluster's ingress controller. */
export const ingressNamespace = "skipper-ingress";

/** The URL at which a cluster's own pods call a Service, whatever the cluster's domain is: they complete it by that. */
export const inClusterUrl = (service: string, namespace: string): string => `http://${service}.${namespace}.svc`;
