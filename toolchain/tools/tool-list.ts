import { homedir } from "node:os";
import { join } from "node:path";
import { checksums, type DownloadName, type Platform, versions } from "../../versions.ts";
import { type Artifact, built, dynamicProviderLauncher } from "../go/artifact.ts";
import { mirrors } from "../core/mirrors.ts";
import { programs } from "../go/programs.ts";
import type { Download } from "./download.ts";

/** One or more executables that are released together, in one version. */
export interface Tool {
  name: DownloadName;
  version: string;
  executables: string[];
  /** How it is found where the user has it: on the PATH, by its version, or in the folder of a Pulumi plugin. */
  lookup: VersionCommand | { folder: string };
  download(platform: Platform): Download;
  /** What is built if it can't be downloaded; nothing for the one that has a stand-in. */
  artifacts: Artifact[];
  /** Pulumi's name for the plugin. @default none: it is not a plugin */
  plugin?: string;
}

/** How a tool prints its version. */
export interface VersionCommand {
  args: string[];
  /** Its first group matches the version in what is printed. */
  pattern: RegExp;
}

/** The URL of the folder with a project's release. */
const github = (repository: string, version: string): string =>
  `${mirrors().github ?? "https://github.com"}/${repository}/releases/download/v${version}`;

/** Where Pulumi's own server, or a mirror of that, has a file; its release on GitHub if no such mirror is set. */
const pulumiRelease = (folder: "sdk" | "plugins", release: string): string => {
  const { pulumi: server } = mirrors();
  return server === undefined ? release : `${server}/releases/${folder}`;
};

function pulumi(): Tool {
  const release = github("pulumi/pulumi", versions.pulumi);
  return {
    name: "pulumi",
    version: versions.pulumi,
    executables: ["pulumi", "pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"],
    lookup: { args: ["version"], pattern: /v(\S+)/ },
    download: (platform) => ({
      url: `${pulumiRelease("sdk", release)}/pulumi-v${versions.pulumi}-${platform.replace("amd64", "x64")}.tar.gz`,
      sums: `${release}/pulumi-${versions.pulumi}-checksums.txt`,
      sha256: checksums.pulumi[platform],
      strip: 1,
    }),
    artifacts: [built(programs.pulumi), built(programs.pulumiNodejs), dynamicProviderLauncher()],
  };
}

function kind(): Tool {
  const release = github("kubernetes-sigs/kind", versions.kind);
  return {
    name: "kind",
    version: versions.kind,
    executables: ["kind"],
    lookup: { args: ["version", "-q"], pattern: /(\S+)/ },
    download: (platform) => ({
      url: `${release}/kind-${platform}`,
      sums: `${release}/kind-${platform}.sha256sum`,
      sha256: checksums.kind[platform],
    }),
    artifacts: [built(programs.kind)],
  };
}

function kubectl(): Tool {
  const release = `${mirrors().kubernetes ?? "https://dl.k8s.io"}/release/v${versions.kubernetes}/bin`;
  return {
    name: "kubectl",
    version: versions.kubernetes,
    executables: ["kubectl"],
    lookup: { args: ["version", "--client"], pattern: /Client Version: v(\S+)/ },
    download: (platform) => ({
      url: `${release}/${platform.replace("-", "/")}/kubectl`,
      sums: `${release}/${platform.replace("-", "/")}/kubectl.sha256`,
      sha256: checksums.kubectl[platform],
    }),
    artifacts: [built(programs.kubectl)],
  };
}

function plugin(provider: string, name: DownloadName, version: string, artifacts: Artifact[]): Tool {
  const release = github(`pulumi/pulumi-${provider}`, version);
  const executable = `pulumi-resource-${provider}`;
  return {
    name,
    version,
    executables: [executable],
    lookup: { folder: join(homedir(), ".pulumi", "plugins", `resource-${provider}-v${version}`) },
    download: (platform) => ({
      url: `${pulumiRelease("plugins", release)}/${executable}-v${version}-${platform}.tar.gz`,
      sums: `${release}/pulumi-${provider}_${version}_checksums.txt`,
      sha256: checksums[name][platform],
      strip: 0,
    }),
    artifacts,
    plugin: provider,
  };
}

/** Every tool that clusters need, in the order in which they are obtained. */
export function tools(): Tool[] {
  return [
    pulumi(),
    kind(),
    kubectl(),
    plugin("kubernetes", "pulumi-kubernetes", versions.pulumiKubernetes, [built(programs.pulumiKubernetes)]),
    plugin("docker", "pulumi-docker", versions.pulumiDocker, []),
  ];
}
