import { expect } from "chai";
import { linkTable, summary } from "../../../../fleet/commands/tables.ts";

const outputs = {
  url: "http://localhost:81",
  exposedUrl: "http://cluster2-control-plane",
  context: "kind-cluster2",
  image: "i",
  services: [],
  peers: [],
};
const host = { what: "http://localhost:81/cluster", from: "localhost", answer: "This is identity in cluster staging" };
const link = {
  what: "http://a.n.svc.cluster.local/cluster",
  from: "n/s in kind-cluster1",
  alias: "n/a",
  way: "externalName",
  answer: "This is identity in cluster staging",
  status: 200,
  median: 1.234,
  p99: 5.678,
};

describe("summary", () => {
  it("the summary shows every stack's URLs and who answered there, and the proof of each link", () => {
    const text = summary(new Map([["staging", { outputs, proofs: [host, link] }]]));
    for (const part of [
      "staging",
      "kind-cluster2",
      "http://localhost:81",
      "http://cluster2-control-plane",
      "This is identity in cluster staging",
    ]) {
      expect(text).to.contain(part);
    }
    expect(text).to.contain("A pod of n/s in kind-cluster1 called http://a.n.svc.cluster.local/cluster");
  });

  it("the summary shows a failure, and not an answer, for a stack or a call that failed", () => {
    const text = summary(new Map([["staging", { outputs, proofs: [{ ...host, problem: "refused" }] }]]));
    expect(text).to.contain("✗ refused").and.not.to.contain("This is identity");
    expect(summary(new Map([["staging", { failure: "why" }]]))).to.contain("failed");
  });
});

describe("linkTable", () => {
  it("the table of links shows a link as proved, with its latencies, or why it is stale", () => {
    expect(linkTable([{ stack: "development", ...link }]))
      .to.contain("proved")
      .and.to.contain("1.2 ms")
      .and.to.contain("5.7 ms");
    expect(linkTable([{ stack: "development", ...link, stale: "staging.exposedUrl changed" }]))
      .to.contain("staging.exposedUrl changed")
      .and.not.to.contain("proved");
  });
});
