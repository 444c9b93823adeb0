import { expect } from "chai";
import { staleness } from "../../../fleet/commands/links.ts";
import type { FleetOutputs } from "../../../fleet/state/read-outputs.ts";

const outputs = (exposedUrl: string, peerUrl?: string): FleetOutputs => ({
  url: "http://localhost",
  exposedUrl,
  context: "kind-a",
  image: "i",
  services: [],
  peers:
    peerUrl === undefined
      ? []
      : [{ alias: "a", namespace: "n", stack: "staging", url: peerUrl, way: "externalName", reason: "" }],
});
const development = outputs("http://cluster1-control-plane", "http://cluster2-control-plane");

describe("a link that was applied with another URL", () => {
  it("is not stale while the peer is where it was", () => {
    expect(
      staleness(
        "development",
        development,
        new Map([["staging", outputs("http://cluster2-control-plane")]]),
        "identity",
      ),
    ).to.deep.equal([]);
  });

  it("is stale when the peer has moved, and says from where to where, and what to run", () => {
    const [stale] = staleness("development", development, new Map([["staging", outputs("http://other")]]), "identity");
    expect(stale!.alias).to.equal("n/a");
    expect(stale!.message)
      .to.contain("staging.exposedUrl changed: http://cluster2-control-plane → http://other")
      .and.to.contain("npm run up -- development");
  });

  it("is stale when the peer is gone", () => {
    expect(staleness("development", development, new Map(), "identity")[0]!.message).to.contain(
      "staging is not up any more",
    );
  });

  it("of another project is not taken for this project's stack of that name", () => {
    const elsewhere = {
      ...development,
      peers: development.peers.map((peer) => ({ ...peer, stack: "organization/other/staging" })),
    };
    expect(
      staleness("development", elsewhere, new Map([["staging", outputs("http://other")]]), "identity"),
    ).to.deep.equal([]);
  });
});
