import type { KindClusterConfig } from "./cluster-config.ts";

/** A cluster's registry listens on the host's port that is this far above the cluster's `httpPort`. */
export const registryPortOffset = 5000;

/** The highest `httpPort` that leaves room for the registry's port. */
export const highestHttpPort = 65_535 - registryPortOffset;

/** The host's port, on loopback, of a cluster's registry. */
export const registryPort = ({ httpPort }: Pick<KindClusterConfig, "httpPort">): number =>
  httpPort + registryPortOffset;

/** The URL of a loopback port, for calls from this machine. */
export const hostUrl = (port: number): string => (port === 80 ? "http://localhost" : `http://localhost:${port}`);
