import { expect } from "chai";
import { chooseToolSource, type ToolFacts } from "../../../../toolchain/tools/tool-source.ts";

const tool: ToolFacts = {
  name: "kind",
  version: "0.33.0",
  installed: undefined,
  downloaded: false,
  built: false,
  url: "https://example.org/kind",
  unreachable: "there is no network",
  otherwise: "build",
};
const withGo = { go: "/usr/bin/go" };
const withoutGo = { go: undefined };

describe("chooseToolSource", () => {
  it("an installed tool of the pinned version is preferred to every other source", () => {
    const all = { ...tool, installed: "/opt/bin", downloaded: true, built: true, unreachable: undefined };
    expect(chooseToolSource(all, withGo)).to.deep.equal({ from: "installed", folder: "/opt/bin" });
  });

  it("a tool in the cache is preferred to the network", () => {
    expect(chooseToolSource({ ...tool, built: true, unreachable: undefined }, withGo).from).to.equal("build");
    expect(chooseToolSource({ ...tool, downloaded: true }, withoutGo).from).to.equal("download");
  });

  it("a tool whose official download can be reached is downloaded, even if it could be built", () => {
    expect(chooseToolSource({ ...tool, unreachable: undefined }, withGo).from).to.equal("download");
  });

  it("a tool whose official download can't be reached is built", () => {
    expect(chooseToolSource(tool, withGo).from).to.equal("build");
  });

  it("a tool can't be had without its download and Go, and the message says what to install", () => {
    const choice = chooseToolSource(tool, withoutGo);
    expect(choice).to.have.property("from", "nowhere");
    expect(choice).to.have.property("why").that.includes("kind 0.33.0").and.includes("https://go.dev/dl/");
  });

  it("a tool can't be had without Go on a platform that its project publishes nothing for", () => {
    const choice = chooseToolSource({ ...tool, url: undefined }, withoutGo);
    expect(choice).to.have.property("why").that.includes("none for this platform");
  });

  it("the docker plugin's stand-in is used only where the official plugin can't be had", () => {
    const docker: ToolFacts = { ...tool, name: "pulumi-docker", otherwise: "stand-in" };
    expect(chooseToolSource({ ...docker, installed: "/home/me/.pulumi/plugins/x" }, withGo).from).to.equal("installed");
    expect(chooseToolSource({ ...docker, downloaded: true }, withGo).from).to.equal("download");
    expect(chooseToolSource({ ...docker, unreachable: undefined }, withGo).from).to.equal("download");
    expect(chooseToolSource(docker, withoutGo).from).to.equal("stand-in");
  });
});
