import { expect } from "chai";
import { staleLinks } from "../../../../fleet/proof/stale-links.ts";
import type { StackOutputs } from "../../../../stacks/outputs.ts";

const outputs = (exposedUrl: string, peerUrl?: string): StackOutputs => ({
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

describe("staleLinks", () => {
  it("a link is not stale while its peer's URL is the one that was applied", () => {
    expect(
      staleLinks(
        "development",
        development,
        new Map([["staging", outputs("http://cluster2-control-plane")]]),
        "identity",
      ),
    ).to.deep.equal([]);
  });

  it("a link is stale when its peer's URL has changed, and the message has both URLs and the command to run", () => {
    const [stale] = staleLinks("development", development, new Map([["staging", outputs("http://other")]]), "identity");
    expect(stale!.alias).to.equal("n/a");
    expect(stale!.message)
      .to.contain("staging.exposedUrl changed: http://cluster2-control-plane → http://other")
      .and.to.contain("npm run up -- development");
  });

  it("a link is stale when its peer's stack is not up any more", () => {
    expect(staleLinks("development", development, new Map(), "identity")[0]!.message).to.contain(
      "staging is not up any more",
    );
  });

  it("a link to another project's stack is not compared with this project's stack of the same name", () => {
    const elsewhere = {
      ...development,
      peers: development.peers.map((peer) => ({ ...peer, stack: "organization/other/staging" })),
    };
    expect(
      staleLinks("development", elsewhere, new Map([["staging", outputs("http://other")]]), "identity"),
    ).to.deep.equal([]);
  });

  it("an alias that was left out is stale once its peer's stack is up, and not before", () => {
    const omitted = { alias: "a", namespace: "n", stack: "staging", way: "omitted" as const, reason: "" };
    const waiting = { ...development, peers: [omitted] };
    expect(staleLinks("development", waiting, new Map(), "identity")).to.deep.equal([]);
    const up = new Map([["staging", outputs("http://cluster2-control-plane")]]);
    expect(staleLinks("development", waiting, up, "identity")).to.deep.equal([
      {
        alias: "n/a",
        message: "staging is up now; development was brought up without the alias. Run: npm run up -- development",
      },
    ]);
    // The service that it was to lead to is still missing there.
    const toService = { ...waiting, peers: [{ ...omitted, service: "shop/web" }] };
    expect(staleLinks("development", toService, up, "identity")).to.deep.equal([]);
  });
});
