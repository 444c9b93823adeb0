/** All versions in one place. This file is data only, so that any part of the program may import it. */
export const versions = {
  pulumi: "3.259.0",
  pulumiKubernetes: "4.25.0",
  pulumiDocker: "5.2.0",
  kind: "0.33.0",
  kubernetes: "1.34.2",
  etcd: "3.6.5",
  coredns: "1.12.4",
  /** The CoreDNS that kubeadm asks for: the image's name has this version, the program in it is `coredns`. */
  corednsOfKubeadm: "1.12.1",
  /** The pause image that kind's containerd asks for. */
  pause: "3.10",
  skipper: "0.27.41",
  kubeRouter: "2.6.3",
  registry: "2.8.2",
  kubeconform: "0.8.0",
  kubeScore: "1.20.0",
  vegeta: "12.13.0",
  /** The oldest Go that builds the programs. */
  go: "1.26",
  /** Node's major version in the image that services are built on. */
  node: "24",
  /** The release of Debian that a node's file system is made from. */
  debian: "trixie",
} as const;

/** The names of the images that clusters are made of. */
export const images = {
  node: `kindest/node:v${versions.kubernetes}`,
  registry: `registry:${versions.registry}`,
  skipper: `ghcr.io/zalando/skipper:v${versions.skipper}`,
  serviceBase: `gcr.io/distroless/nodejs${versions.node}-debian12:nonroot`,
} as const;

/** A platform as the downloads name it. */
export type Platform = `${"linux" | "darwin"}-${"amd64" | "arm64"}`;

/** A tool that can be downloaded. */
export type DownloadName = "pulumi" | "pulumi-kubernetes" | "pulumi-docker" | "kind" | "kubectl";

/**
 * SHA-256 sums of the downloads. A download for a platform that is missing here is checked against the sum that its
 * project publishes with the release.
 */
export const checksums: Record<DownloadName, Partial<Record<Platform, string>>> = {
  pulumi: {},
  "pulumi-kubernetes": {},
  "pulumi-docker": {},
  kind: {
    "linux-amd64": "aee6151561422756b764a4ae28e7f44cda5af5a9eead3cc9985112b1de8d8e0d",
    "darwin-arm64": "0c8c7dbe5e23594a198b786c4bc13dacc101fa6196b0cb0b23a1ca44e61f4b4f",
  },
  kubectl: {
    "linux-amd64": "9591f3d75e1581f3f7392e6ad119aab2f28ae7d6c6e083dc5d22469667f27253",
    "linux-arm64": "95df604e914941f3172a93fa8feeb1a1a50f4011dfbe0c01e01b660afc8f9b85",
  },
};
