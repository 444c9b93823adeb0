import { stringify } from "yaml";
import type { KindClusterConfig } from "../../config/cluster-config.ts";

/** Everything that a kind cluster is made from. */
export interface KindClusterSpec extends KindClusterConfig {
  /** The node image, such as `kindest/node:v1.36.4`. */
  image: string;
}

/** The properties that kind can't change on an existing cluster. */
export const fixedProperties = [
  "image",
  "httpPort",
  "workers",
  "ipFamily",
] as const satisfies (keyof KindClusterSpec)[];

/** The spec alone, out of an object that holds more. */
export const specOf = ({ name, image, httpPort, workers, ipFamily }: KindClusterSpec): KindClusterSpec => ({
  name,
  image,
  httpPort,
  workers,
  ipFamily,
});

/** The name of the kubeconfig context that kind writes for a cluster. */
export const contextName = (cluster: string): string => `kind-${cluster}`;

/** The cluster of a context that kind made. */
export const clusterOfContext = (context: string): string => context.replace(/^kind-/, "");

/** The folder on every node in which containerd finds where it pulls a registry's images from. */
export const certsFolder = "/etc/containerd/certs.d";

/** The port of every node that leads to the ingress controller. */
export const ingressNodePort = 80;

/**
 * The cluster as kind's own configuration.
 *
 * @see https://kind.sigs.k8s.io/docs/user/configuration/
 */
export function kindConfig({ name, image, httpPort, workers, ipFamily }: KindClusterSpec): string {
  const httpMapping = { containerPort: ingressNodePort, hostPort: httpPort };
  return stringify({
    kind: "Cluster",
    apiVersion: "kind.x-k8s.io/v1alpha4",
    name,
    networking: ipFamily === "dual" ? { ipFamily } : undefined,
    containerdConfigPatches: registryFolderPatches,
    nodes: [
      {
        role: "control-plane",
        image,
        ...kubeadmPatches(image, workers),
        extraPortMappings: [{ ...httpMapping, listenAddress: "127.0.0.1", protocol: "TCP" }],
      },
      ...Array.from({ length: workers }, () => ({ role: "worker", image })),
    ],
  });
}

/**
 * The folder that containerd reads registries' hosts from, which is its default only from 2.2 on. kind applies the patch
 * whose version is that of the node's own configuration.
 */
export const registryFolderPatches = [
  { version: 2, plugin: "io.containerd.grpc.v1.cri" },
  { version: 3, plugin: "io.containerd.cri.v1.images" },
].map(
  ({ version, plugin }) => `version = ${version}\n[plugins."${plugin}".registry]\n  config_path = "${certsFolder}"\n`,
);

function kubeadmPatches(image: string, workers: number) {
  const apiVersion = kubeadmApiVersion(image);
  const patches = [];
  const appended = [];
  // The ingress controller is a Service on port 80 of every node, a port below the default range.
  const nodePorts = { name: "service-node-port-range", value: `${ingressNodePort}-32767` };
  if (apiVersion === "v1beta3") {
    const extraArgs = { [nodePorts.name]: nodePorts.value };
    patches.push(kubeadmPatch(apiVersion, "ClusterConfiguration", { apiServer: { extraArgs } }));
  } else {
    // A list is replaced by a patch, and kind has arguments of its own in it.
    const patch = [{ op: "add", path: "/apiServer/extraArgs/-", value: nodePorts }];
    appended.push({ group: kubeadmGroup, version: apiVersion, kind: "ClusterConfiguration", patch: stringify(patch) });
  }
  // With workers, pods must be able to run on the control plane, too, so it has no taint. Without workers, kind removes
  // the taint itself, and fails when there is none.
  if (workers > 0) {
    patches.push(kubeadmPatch(apiVersion, "InitConfiguration", { nodeRegistration: { taints: [] } }));
  }
  patches.push(kubeletPatch(image));
  return { kubeadmConfigPatches: patches, kubeadmConfigPatchesJSON6902: appended };
}

/** The pods that a node takes: nearly as many as its part of kind's pod network has addresses. Kubernetes' own is 110. */
export const podsPerNode = 250;

/** What the kubelet is told: how many pods it takes, and from 1.35 on to run on a machine with cgroup v1, too. */
export const kubeletPatch = (image: string): string =>
  stringify({
    kind: "KubeletConfiguration",
    apiVersion: "kubelet.config.k8s.io/v1beta1",
    maxPods: podsPerNode,
    failCgroupV1: minorVersion(image) >= 35 ? false : undefined,
  });

const kubeadmGroup = "kubeadm.k8s.io";

const kubeadmPatch = (apiVersion: KubeadmApiVersion, kind: string, patch: object) =>
  stringify({ kind, apiVersion: `${kubeadmGroup}/${apiVersion}`, ...patch });

/** In v1beta3 `extraArgs` are a map, in v1beta4 a list. */
export type KubeadmApiVersion = "v1beta3" | "v1beta4";

/**
 * The version of kubeadm's API that kind writes for the Kubernetes of a node image. kind passes a patch for another
 * version over in silence, so this must be what the pinned kind does.
 */
export function kubeadmApiVersion(image: string): KubeadmApiVersion {
  return minorVersion(image) < 36 ? "v1beta3" : "v1beta4";
}

/**
 * The minor version of a node image's Kubernetes, such as 36 of `kindest/node:v1.36.4`.
 *
 * @throws Error when the image's tag is no version
 */
function minorVersion(image: string): number {
  const minor = /:v1\.(\d+)\.\d+(?:[-+@]|$)/.exec(image)?.[1];
  if (minor === undefined) throw new Error(`The tag of the node image ${image} is no version, such as v1.36.4.`);
  return Number(minor);
}
