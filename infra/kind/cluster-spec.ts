import { stringify } from "yaml";
import type { ClusterConfig } from "../../config/cluster-config.ts";

/** Everything that a kind cluster is made from. */
export interface KindClusterSpec extends ClusterConfig {
  /** The node image, such as `kindest/node:v1.34.2`. */
  image: string;
}

/** The properties that kind can't change on an existing cluster. */
export const fixedProperties = [
  "image",
  "httpPort",
  "workers",
  "ipFamily",
] as const satisfies (keyof KindClusterSpec)[];

/** The name of the kubeconfig context that kind writes for a cluster. */
export const contextName = (cluster: string): string => `kind-${cluster}`;

/** The cluster of a context that kind made. */
export const clusterOfContext = (context: string): string => context.replace(/^kind-/, "");

/** The port of every node that leads to the ingress controller. */
export const ingressNodePort = 80;

/**
 * The cluster as kind's own configuration.
 *
 * @see https://kind.sigs.k8s.io/docs/user/configuration/
 */
export function kindConfig({ name, image, httpPort, workers, ipFamily }: KindClusterSpec): string {
  // The ingress controller is a Service on port 80 of every node, a port below the default range.
  const nodePorts = { "service-node-port-range": `${ingressNodePort}-32767` };
  const patches = [kubeadmPatch("ClusterConfiguration", { apiServer: { extraArgs: nodePorts } })];
  // With workers, pods must be able to run on the control plane, too, so it has no taint. Without workers, kind removes
  // the taint itself, and fails when there is none.
  if (workers > 0) patches.push(kubeadmPatch("InitConfiguration", { nodeRegistration: { taints: [] } }));
  const httpMapping = { containerPort: ingressNodePort, hostPort: httpPort };
  return stringify({
    kind: "Cluster",
    apiVersion: "kind.x-k8s.io/v1alpha4",
    name,
    networking: ipFamily === "dual" ? { ipFamily } : undefined,
    nodes: [
      {
        role: "control-plane",
        image,
        kubeadmConfigPatches: patches,
        extraPortMappings: [{ ...httpMapping, listenAddress: "127.0.0.1", protocol: "TCP" }],
      },
      ...Array.from({ length: workers }, () => ({ role: "worker", image })),
    ],
  });
}

/** In the API version that kind itself writes for this Kubernetes: kind ignores a patch for another version. */
const kubeadmPatch = (kind: string, patch: object) =>
  stringify({ kind, apiVersion: "kubeadm.k8s.io/v1beta3", ...patch });
