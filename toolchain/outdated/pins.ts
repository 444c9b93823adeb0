import type { versions } from "../../versions.ts";
import type { Within } from "./newest-version.ts";

/** A version that we pinned, and who can be asked for newer ones. */
export interface Pin {
  name: keyof typeof versions;
  /** A package of npm, or a Go module. */
  source: { npm: string } | { go: string };
  /** How much of the pinned version a newer one must have in common. @default any */
  within?: Within;
  /** What to remember when it is bumped. @default nothing */
  remark?: string;
}

/**
 * The pins that a registry can be asked about. Those of etcd, CoreDNS and pause are missing: kubeadm and kind's
 * containerd choose them. npm's own packages are missing, too: `npm outdated` tells of them.
 */
export const pins: readonly Pin[] = [
  { name: "pulumi", source: { npm: "@pulumi/pulumi" } },
  { name: "pulumiKubernetes", source: { npm: "@pulumi/kubernetes" } },
  { name: "pulumiDocker", source: { npm: "@pulumi/docker" } },
  { name: "kind", source: { go: "sigs.k8s.io/kind" }, remark: "its release notes list node images" },
  {
    name: "kubernetes",
    source: { go: "k8s.io/kubernetes" },
    within: "minor",
    remark: "only what kind's release notes list",
  },
  { name: "skipper", source: { go: "github.com/zalando/skipper" } },
  { name: "kubeRouter", source: { go: "github.com/cloudnativelabs/kube-router/v2" } },
  { name: "registry", source: { go: "github.com/distribution/distribution/v3" } },
  { name: "kubeconform", source: { go: "github.com/yannh/kubeconform" } },
  { name: "kubeScore", source: { go: "github.com/zegl/kube-score" } },
  { name: "vegeta", source: { go: "github.com/tsenart/vegeta/v12" } },
  { name: "versitygw", source: { go: "github.com/versity/versitygw" } },
];
