import type { KindClusterConfig } from "../../config/cluster-config.ts";
import { registryPort } from "../../config/host-ports.ts";

/** How the nodes' containerd reaches the registry that the host pushes to. */
export interface RegistryMirror {
  /** What image names start with, such as `localhost:5080`. */
  host: string;
  /** The registry's address on the nodes' network, such as `http://cluster1-registry:5000`. */
  endpoint: string;
}

/** The port that the registry listens on in its container. The host's port is in config/host-ports.ts. */
export const registryContainerPort = 5000;

/** The name of a cluster's registry: its container's, and its host name on the nodes' network. */
export const registryName = (cluster: string): string => `${cluster}-registry`;

/** What image names start with for a registry on a port of the host. */
export const registryHost = (port: number): string => `localhost:${port}`;

/** How a cluster's nodes reach its registry. */
export const registryMirror = (cluster: Pick<KindClusterConfig, "name" | "httpPort">): RegistryMirror => ({
  host: registryHost(registryPort(cluster)),
  endpoint: `http://${registryName(cluster.name)}:${registryContainerPort}`,
});
