import { stringify } from "yaml";

/** What a kind cluster of ours is made of. */
export interface KindClusterSpec {
  name: string;
  /** The node image, for example `kindest/node:v1.34.2`. */
  image: string;
  /** The host's port, on loopback, that leads to the ingress controller. */
  httpPort: number;
  /** Nodes besides the control plane. */
  workers: number;
  /** IPv4 only, or IPv6 beside it. @default "ipv4" */
  ipFamily?: "ipv4" | "dual";
}

/** The control plane's container, and its name on the Docker network that all kind clusters share. */
export const controlPlane = (cluster: string) => `${cluster}-control-plane`;

/** The kubeconfig context that kind gives a cluster. */
export const contextName = (cluster: string) => `kind-${cluster}`;

/** The cluster of a context that kind gave. */
export const clusterOfContext = (context: string) => context.replace(/^kind-/, "");

/** The port of every node on which the ingress controller listens. */
export const ingressNodePort = 80;

/**
 * The cluster as kind's own configuration.
 *
 * @see https://kind.sigs.k8s.io/docs/user/configuration/
 */
export function kindConfig(spec: KindClusterSpec): string {
  const { image } = spec;
  return stringify({
    kind: "Cluster",
    apiVersion: "kind.x-k8s.io/v1alpha4",
    name: spec.name,
    ...(spec.ipFamily === "dual" && { networking: { ipFamily: "dual" } }),
    nodes: [
      {
        role: "control-plane",
        image,
        kubeadmConfigPatches: [
          // The ingress controller is a Service on port 80 of every node, a port below the default range.
          kubeadmPatch("ClusterConfiguration", {
            apiServer: { extraArgs: { "service-node-port-range": `${ingressNodePort}-32767` } },
          }),
          // Services spread over all nodes, this one too. Without workers kind sees to it, and wants the taint there.
          ...(spec.workers > 0 ? [kubeadmPatch("InitConfiguration", { nodeRegistration: { taints: [] } })] : []),
        ],
        extraPortMappings: [
          { containerPort: ingressNodePort, hostPort: spec.httpPort, listenAddress: "127.0.0.1", protocol: "TCP" },
        ],
      },
      ...Array.from({ length: spec.workers }, () => ({ role: "worker", image })),
    ],
  });
}

/** In the version that kind itself writes for this Kubernetes; a patch for another one is passed over. */
const kubeadmPatch = (kind: string, patch: object) =>
  stringify({ kind, apiVersion: "kubeadm.k8s.io/v1beta3", ...patch });
