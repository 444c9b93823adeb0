import { versions } from "../../versions.ts";
import type { GoProgram } from "./go-program.ts";

/** The variables by which Kubernetes' programs know their version. */
const kubernetesVersion = Object.fromEntries(
  ["k8s.io/component-base/version", "k8s.io/client-go/pkg/version"].flatMap((path) => {
    const [major, minor] = versions.kubernetes.split(".");
    return [
      [`${path}.gitVersion`, `v${versions.kubernetes}`],
      [`${path}.gitMajor`, major ?? ""],
      [`${path}.gitMinor`, minor ?? ""],
    ];
  }),
);

function kubernetes(name: string, knownSeconds: number): GoProgram {
  return {
    name,
    version: versions.kubernetes,
    source: { module: "cluster", package: `k8s.io/kubernetes/cmd/${name}` },
    variables: kubernetesVersion,
    knownSeconds,
  };
}

/** The programs that can be built from Go modules alone. */
export const programs = {
  kind: {
    name: "kind",
    version: versions.kind,
    source: { install: "sigs.k8s.io/kind" },
    knownSeconds: 40,
  },
  pulumi: {
    name: "pulumi",
    version: versions.pulumi,
    source: { module: "pulumi", package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi" },
    variables: { "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version": versions.pulumi },
    knownSeconds: 255,
  },
  pulumiNodejs: {
    name: "pulumi-language-nodejs",
    version: versions.pulumi,
    source: { module: "nodejs-host", package: "github.com/pulumi/pulumi/sdk/nodejs/cmd/pulumi-language-nodejs/v3" },
    knownSeconds: 46,
  },
  pulumiKubernetes: {
    name: "pulumi-resource-kubernetes",
    version: versions.pulumiKubernetes,
    source: { module: "kubernetes-plugin", package: "." },
    variables: { "main.version": versions.pulumiKubernetes },
    embeds: {
      module: "github.com/pulumi/pulumi-kubernetes/provider/v4",
      folder: "cmd/pulumi-resource-kubernetes",
      files: ["schema.json", "terraform-mapping.json"],
    },
    knownSeconds: 501,
  },
  kubectl: kubernetes("kubectl", 21),
  kubeadm: kubernetes("kubeadm", 156),
  kubelet: kubernetes("kubelet", 136),
  apiserver: kubernetes("kube-apiserver", 78),
  controllerManager: kubernetes("kube-controller-manager", 38),
  scheduler: kubernetes("kube-scheduler", 7),
  proxy: kubernetes("kube-proxy", 12),
  etcd: {
    name: "etcd",
    version: versions.etcd,
    source: { module: "cluster", package: "go.etcd.io/etcd/server/v3" },
    knownSeconds: 13,
  },
  coredns: {
    name: "coredns",
    version: versions.coredns,
    source: { module: "cluster", package: "github.com/coredns/coredns" },
    knownSeconds: 90,
  },
  skipper: {
    name: "skipper",
    version: versions.skipper,
    source: { module: "skipper", package: "github.com/zalando/skipper/cmd/skipper" },
    knownSeconds: 227,
  },
  kubeRouter: {
    name: "kube-router",
    version: versions.kubeRouter,
    source: { module: "kube-router", package: "github.com/cloudnativelabs/kube-router/v2/cmd/kube-router" },
    variables: { "github.com/cloudnativelabs/kube-router/v2/pkg/version.Version": `v${versions.kubeRouter}` },
    knownSeconds: 188,
  },
  registry: {
    name: "registry",
    version: versions.registry,
    source: { module: "registry", package: "github.com/distribution/distribution/v3/cmd/registry" },
    variables: { "github.com/distribution/distribution/v3/version.version": versions.registry },
    // It runs in a container, whatever this machine's system is.
    system: "linux",
    knownSeconds: 60,
  },
  pause: { name: "pause", version: "1", source: { module: "pause", package: "." }, knownSeconds: 2 },
  ociRuntime: { name: "oci-runtime", version: "1", source: { module: "oci-runtime", package: "." }, knownSeconds: 2 },
  kubeconform: {
    name: "kubeconform",
    version: versions.kubeconform,
    source: { install: "github.com/yannh/kubeconform/cmd/kubeconform" },
    knownSeconds: 5,
  },
  kubeScore: {
    name: "kube-score",
    version: versions.kubeScore,
    source: { install: "github.com/zegl/kube-score/cmd/kube-score" },
    knownSeconds: 26,
  },
  vegeta: {
    name: "vegeta",
    version: versions.vegeta,
    source: { module: "vegeta", package: "github.com/tsenart/vegeta/v12" },
    // It runs in a pod, whatever this machine's system is.
    system: "linux",
    knownSeconds: 20,
  },
  versitygw: {
    name: "versitygw",
    version: versions.versitygw,
    source: { install: "github.com/versity/versitygw/cmd/versitygw" },
    knownSeconds: 110,
  },
} satisfies Record<string, GoProgram>;
