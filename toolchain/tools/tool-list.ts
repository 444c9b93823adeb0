import { homedir } from "node:os";
import { join } from "node:path";
import { checksums, versions } from "../../versions.ts";
import type { DownloadName, Platform } from "../../versions.ts";
import { built, dynamicProviderLauncher } from "../go/artifact.ts";
import type { Artifact } from "../go/artifact.ts";
import { binaries } from "../go/programs.ts";
import type { Download } from "./download.ts";

/** A tool as its users know it: one or more executables of one version. */
export interface Tool {
  name: DownloadName;
  version: string;
  executables: string[];
  /** Where it is looked for: on the PATH, asking for its version, or as a plugin of the user's own Pulumi. */
  presence: { ask: string[]; answer: RegExp } | { folder: string };
  download(platform: Platform): Download;
  /** What is built where it can't be downloaded; nothing for the one that has a stand-in. */
  artifacts: Artifact[];
  /** For a plugin: what Pulumi calls it. */
  plugin?: string;
}

const github = (repository: string, version: string): string =>
  `https://github.com/${repository}/releases/download/v${version}`;

function pulumi(): Tool {
  const release = github("pulumi/pulumi", versions.pulumi);
  return {
    name: "pulumi",
    version: versions.pulumi,
    executables: ["pulumi", "pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"],
    presence: { ask: ["version"], answer: /v(\S+)/ },
    download: (platform) => ({
      url: `${release}/pulumi-v${versions.pulumi}-${platform.replace("amd64", "x64")}.tar.gz`,
      sums: `${release}/pulumi-${versions.pulumi}-checksums.txt`,
      sha256: checksums.pulumi[platform],
      strip: 1,
    }),
    artifacts: [built(binaries.pulumi), built(binaries.pulumiNodejs), dynamicProviderLauncher()],
  };
}

function kind(): Tool {
  const release = github("kubernetes-sigs/kind", versions.kind);
  return {
    name: "kind",
    version: versions.kind,
    executables: ["kind"],
    presence: { ask: ["version", "-q"], answer: /(\S+)/ },
    download: (platform) => ({
      url: `${release}/kind-${platform}`,
      sums: `${release}/kind-${platform}.sha256sum`,
      sha256: checksums.kind[platform],
    }),
    artifacts: [built(binaries.kind)],
  };
}

function kubectl(): Tool {
  const release = `https://dl.k8s.io/release/v${versions.kubernetes}/bin`;
  return {
    name: "kubectl",
    version: versions.kubernetes,
    executables: ["kubectl"],
    presence: { ask: ["version", "--client"], answer: /Client Version: v(\S+)/ },
    download: (platform) => ({
      url: `${release}/${platform.replace("-", "/")}/kubectl`,
      sums: `${release}/${platform.replace("-", "/")}/kubectl.sha256`,
      sha256: checksums.kubectl[platform],
    }),
    artifacts: [built(binaries.kubectl)],
  };
}

function plugin(provider: string, name: DownloadName, version: string, artifacts: Artifact[]): Tool {
  const release = github(`pulumi/pulumi-${provider}`, version);
  const executable = `pulumi-resource-${provider}`;
  return {
    name,
    version,
    executables: [executable],
    presence: { folder: join(homedir(), ".pulumi", "plugins", `resource-${provider}-v${version}`) },
    download: (platform) => ({
      url: `${release}/${executable}-v${version}-${platform}.tar.gz`,
      sums: `${release}/pulumi-${provider}_${version}_checksums.txt`,
      sha256: checksums[name][platform],
      strip: 0,
    }),
    artifacts,
    plugin: provider,
  };
}

/** Every tool, in the order in which they are of use. */
export function tools(): Tool[] {
  return [
    pulumi(),
    kind(),
    kubectl(),
    plugin("kubernetes", "pulumi-kubernetes", versions.pulumiKubernetes, [built(binaries.pulumiKubernetes)]),
    plugin("docker", "pulumi-docker", versions.pulumiDocker, []),
  ];
}
