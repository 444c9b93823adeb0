/** All versions in one place. This file is data only, so that any part of the program may import it. */
export const versions = {
  pulumi: "3.259.0",
  pulumiKubernetes: "4.25.0",
  pulumiDocker: "5.2.0",
  kind: "0.33.0",
  /** One of those that the release notes of kind list, and that kubeadm's own choices below belong to. */
  kubernetes: "1.36.4",
  etcd: "3.6.8",
  coredns: "1.14.2",
  /** The pause image that kind's containerd asks for. */
  pause: "3.10",
  skipper: "0.27.41",
  kubeRouter: "2.6.3",
  registry: "3.1.2",
  kubeconform: "0.8.0",
  kubeScore: "1.20.0",
  vegeta: "12.13.0",
  versitygw: "1.8.0",
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
  serviceBase: `gcr.io/distroless/nodejs${versions.node}-debian13:nonroot`,
} as const;

/**
 * The digests of the images, for all platforms together. An image is pulled by its digest; one that is missing here by
 * its tag. Images that are made on a machine have the same names and no digest.
 */
export const digests: Partial<Record<keyof typeof images, `sha256:${string}`>> = {
  // From the release notes of kind 0.33.0.
  node: "sha256:099e049362a1526b2db71494e1947aae99bd16290d7c895f2b7ea312e3cbfaed",
  // As Docker Hub had it in autumn 2026. Its tag moves whenever the Alpine below it does.
  registry: "sha256:ddf754342cfc8acc51a56d5d0ab6af06826461864460636d8bd5c546dab2a7b8",
  // As gcr.io had it in October 2026. Its tag moves every few days.
  serviceBase: "sha256:9eeb7f5887d0e239e78264b06f7f11d2e14be534050481803a9e4728fcdd278e",
};

/** A platform as the downloads name it. */
export type Platform = `${"linux" | "darwin"}-${"amd64" | "arm64"}`;

/** A tool that can be downloaded. */
export type DownloadName = "pulumi" | "pulumi-kubernetes" | "pulumi-docker" | "kind" | "kubectl";

/**
 * SHA-256 sums of the downloads. A download for a platform that is missing here is checked against the sum that its
 * project publishes with the release.
 */
export const checksums: Record<DownloadName, Partial<Record<Platform, string>>> = {
  // From Pulumi's Homebrew formula of this version.
  pulumi: {
    "linux-amd64": "94ba357acac23d01474084c4b00098dc0f7bc70ce13f34c777459254a5f718e5",
    "linux-arm64": "edc8327463a72160bb36cf82cf5062da9c8a244290a706d9980988e7bf486853",
    "darwin-amd64": "eaca4c3b8277bfa3ab061fa3b270d1c66358a0b2e613da8c5587a04b7226c534",
    "darwin-arm64": "57c27f179e527e2cf9f62b841a448af72a020e44b2fb4ee0d9bd85556c00c864",
  },
  // From nixpkgs' pulumi-bin 3.221.0, in Nix's base 32 there. Pulumi puts the same archive on GitHub and on its server.
  "pulumi-kubernetes": {
    "linux-amd64": "6ea3d53c16a00c4d1017c4d109928d8f4801fd7cd978965cd43917561f3774b0",
    "linux-arm64": "e4260240ed14bff6ed1a5a25a362311380ea1c072544fc262532b8197ea0725c",
    "darwin-amd64": "e5dffbef3525bb6f41c2b328afb471149c7396c263d2acd2ef2fab51d63d47f3",
    "darwin-arm64": "566425b7767be7184d59c7ea151812c98426d7dab85f93c9c676c1dc9d488d91",
  },
  // From nixpkgs' pulumi-bin 3.267.0, which has none for darwin-amd64 any more. Its project publishes SHA-1 only.
  "pulumi-docker": {
    "linux-amd64": "cedc3247a844c12f5995c6908d593338454aed36829e0b789f00cdeb88ccbaea",
    "linux-arm64": "21b823e5220e42506f364d5738c1a66300d0c691778c3943dcf83c7e46427182",
    "darwin-arm64": "1baaa6648b21239ef7913fea20bdfaa1c632d12e706f5a8e424c52c0d7ad2fcc",
  },
  // From the release's .sha256sum files.
  kind: {
    "linux-amd64": "aee6151561422756b764a4ae28e7f44cda5af5a9eead3cc9985112b1de8d8e0d",
    "linux-arm64": "20022bee6cfcd5086cb7234d218e3454e6090022f2a8f55d1fa7fcf42c3867a2",
    "darwin-amd64": "5a99f26f57246dc9319dd294803313197a0f34d33c525b3ea8b655db5916ece0",
    "darwin-arm64": "0c8c7dbe5e23594a198b786c4bc13dacc101fa6196b0cb0b23a1ca44e61f4b4f",
  },
  // From the release's .sha256 files.
  kubectl: {
    "linux-amd64": "8b8f088da2dab964f853b38464033b1be15ede2839eca751482357c45abdd05a",
    "linux-arm64": "0ecf44450ee6063bf19dd166a103ee6df4a9034455c2abce626e6eea657d73fb",
    "darwin-amd64": "71a3aa7c2ee2c974d9fbb462cba0c5c04a4df2e8d85eee94714fd819ea3c4e63",
    "darwin-arm64": "c9e4f713d6fee0043a3d835cca13077cda2bc0973840eb9779360df0b5bdfc69",
  },
};
