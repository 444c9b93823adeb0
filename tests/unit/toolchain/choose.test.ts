import { expect } from "chai";
import { choose } from "../../../toolchain/tools/tool-source.ts";
import type { Possibilities } from "../../../toolchain/tools/tool-source.ts";
import { platformOf } from "../../../toolchain/tools/plan-tools.ts";

const tool: Possibilities = {
  name: "kind",
  version: "0.33.0",
  present: undefined,
  downloaded: false,
  built: false,
  url: "https://example.org/kind",
  reachable: false,
  otherwise: "build",
};
const withGo = { go: "/usr/bin/go" };
const withoutGo = { go: undefined };

describe("where a tool comes from", () => {
  it("is the PATH, where it has the pinned version, whatever else there is", () => {
    const all = { ...tool, present: "/opt/bin", downloaded: true, built: true, reachable: true };
    expect(choose(all, withGo)).to.deep.equal({ from: "present", folder: "/opt/bin" });
  });

  it("is the cache before the network", () => {
    expect(choose({ ...tool, built: true, reachable: true }, withGo).from).to.equal("build");
    expect(choose({ ...tool, downloaded: true }, withoutGo).from).to.equal("download");
  });

  it("is the official download where that can be reached, even with Go at hand", () => {
    expect(choose({ ...tool, reachable: true }, withGo).from).to.equal("download");
  });

  it("is a build from registries where only those can be reached", () => {
    expect(choose(tool, withGo).from).to.equal("build");
  });

  it("is nowhere without network and Go, and says what to get", () => {
    const choice = choose(tool, withoutGo);
    expect(choice).to.have.property("from", "nowhere");
    expect(choice).to.have.property("why").that.includes("kind 0.33.0").and.includes("https://go.dev/dl/");
  });

  it("is nowhere without Go on a platform that nothing is published for", () => {
    const choice = choose({ ...tool, url: undefined }, withoutGo);
    expect(choice).to.have.property("why").that.includes("none for this platform");
  });

  it("is never the stand-in where the official one can be had", () => {
    const docker: Possibilities = { ...tool, name: "pulumi-docker", otherwise: "stand-in" };
    expect(choose({ ...docker, present: "/home/me/.pulumi/plugins/x" }, withGo).from).to.equal("present");
    expect(choose({ ...docker, downloaded: true }, withGo).from).to.equal("download");
    expect(choose({ ...docker, reachable: true }, withGo).from).to.equal("download");
    expect(choose(docker, withoutGo).from).to.equal("stand-in");
  });
});

describe("the platform", () => {
  it("is named as downloads name it", () => {
    expect(platformOf({ platform: "linux", arch: "x64" })).to.equal("linux-amd64");
    expect(platformOf({ platform: "darwin", arch: "arm64" })).to.equal("darwin-arm64");
  });

  it("is unknown where nothing is published for it", () => {
    expect(platformOf({ platform: "win32", arch: "x64" })).to.equal(undefined);
    expect(platformOf({ platform: "linux", arch: "riscv64" })).to.equal(undefined);
  });
});
