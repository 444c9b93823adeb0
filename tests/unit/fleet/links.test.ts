import { expect } from "chai";
import { staleness } from "../../../fleet/links.ts";
import type { FleetOutputs } from "../../../fleet/outputs.ts";

const outputs = (exposedUrl: string, peerUrl?: string): FleetOutputs => ({
  url: "http://localhost",
  exposedUrl,
  context: "kind-a",
  image: "i",
  services: [],
  peers: peerUrl === undefined ? [] : [{ alias: "a", namespace: "n", stack: "staging", url: peerUrl, way: "externalName", reason: "" }],
});
const development = outputs("http://cluster1-control-plane", "http://cluster2-control-plane");

describe("a link that was applied with another URL", () => {
  it("is not stale while the peer is where it was", () => {
    expect(staleness("development", development, new Map([["staging", outputs("http://cluster2-control-plane")]]))).to.deep.equal([]);
  });

  it("is stale when the peer has moved, and says from where to where, and what to run", () => {
    const [stale] = staleness("development", development, new Map([["staging", outputs("http://other")]]));
    expect(stale!.alias).to.equal("n/a");
    expect(stale!.message).to.contain("staging.exposedUrl changed: http://cluster2-control-plane → http://other").and.to.contain("npm run up -- development");
  });

  it("is stale when the peer is gone", () => {
    expect(staleness("development", development, new Map())[0]!.message).to.contain("staging is not up any more");
  });
});
