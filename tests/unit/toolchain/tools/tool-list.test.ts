import { expect } from "chai";
import { tools } from "../../../../toolchain/tools/tool-list.ts";
import { type Platform, versions } from "../../../../versions.ts";
import { setVariable } from "../../../support/environment-variable.ts";

const downloads = (platform: Platform) => tools().map((tool) => tool.download(platform));

describe("tools", () => {
  const restores: (() => void)[] = [];
  const set = (name: string, value: string) => restores.push(setVariable(name, value));
  beforeEach(() => {
    for (const name of ["FLEET_GITHUB_URL", "FLEET_KUBERNETES_URL", "FLEET_PULUMI_URL"]) set(name, "");
  });
  afterEach(() => {
    for (const restore of restores.splice(0).reverse()) restore();
  });

  it("tools are downloaded from the projects' own releases, by the names that these have for the platform", () => {
    const { pulumi, kind, kubernetes, pulumiKubernetes, pulumiDocker } = versions;
    const plugin = (name: string, version: string) =>
      `https://github.com/pulumi/pulumi-${name}/releases/download/v${version}/` +
      `pulumi-resource-${name}-v${version}-darwin-arm64.tar.gz`;
    expect(downloads("darwin-arm64").map(({ url }) => url)).to.deep.equal([
      `https://github.com/pulumi/pulumi/releases/download/v${pulumi}/pulumi-v${pulumi}-darwin-arm64.tar.gz`,
      `https://github.com/kubernetes-sigs/kind/releases/download/v${kind}/kind-darwin-arm64`,
      `https://dl.k8s.io/release/v${kubernetes}/bin/darwin/arm64/kubectl`,
      plugin("kubernetes", pulumiKubernetes),
      plugin("docker", pulumiDocker),
    ]);
    expect(downloads("linux-amd64")[0]?.url).to.match(/-linux-x64\.tar\.gz$/);
  });

  it("tools are downloaded from mirrors, with their checksums, where these are set", () => {
    set("FLEET_GITHUB_URL", "https://mirror.example.com/github");
    set("FLEET_KUBERNETES_URL", "https://mirror.example.com/k8s");
    for (const { url, sums } of downloads("linux-amd64")) {
      expect(url).to.match(/^https:\/\/mirror\.example\.com\//);
      expect(sums).to.match(/^https:\/\/mirror\.example\.com\//);
    }
  });

  it("Pulumi and its plugins are downloaded from a mirror of Pulumi's own server where that is set", () => {
    set("FLEET_PULUMI_URL", "https://mirror.example.com/pulumi");
    const [pulumi, , , kubernetes] = downloads("linux-arm64");
    expect(pulumi?.url).to.equal(
      `https://mirror.example.com/pulumi/releases/sdk/pulumi-v${versions.pulumi}-linux-arm64.tar.gz`,
    );
    expect(kubernetes?.url).to.equal(
      "https://mirror.example.com/pulumi/releases/plugins/" +
        `pulumi-resource-kubernetes-v${versions.pulumiKubernetes}-linux-arm64.tar.gz`,
    );
  });

  it("every tool is checked against a pinned SHA-256 on every platform, but for the docker plugin on one", () => {
    const platforms: Platform[] = ["linux-amd64", "linux-arm64", "darwin-amd64", "darwin-arm64"];
    const unpinned = platforms.flatMap((platform) =>
      tools()
        .filter((tool) => tool.download(platform).sha256 === undefined)
        .map((tool) => `${tool.name} ${platform}`),
    );
    expect(unpinned).to.deep.equal(["pulumi-docker darwin-amd64"]);
    const pinned = platforms.flatMap((platform) => downloads(platform).flatMap(({ sha256 }) => sha256 ?? []));
    for (const sum of pinned) expect(sum).to.match(/^[0-9a-f]{64}$/);
    expect(new Set(pinned).size, "no sum counts for two files").to.equal(pinned.length);
  });
});
