import { expect } from "chai";
import { linkTable, summary } from "../../../fleet/commands/tables.ts";
import { identityOf, parseIdentity } from "../../../fleet/proof/expected-identity.ts";
import { parseStackConfig } from "../../../config/stack-config.ts";

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

describe("the last lines of up", () => {
  it("show every stack's URLs and who answers, and the links' proofs", () => {
    const text = summary(new Map([["staging", { outputs, proofs: [host, link] }]]));
    for (const part of [
      "staging",
      "kind-cluster2",
      "http://localhost:81",
      "http://cluster2-control-plane",
      "This is identity in cluster staging",
    ])
      expect(text).to.contain(part);
    expect(text).to.contain("A pod of n/s in kind-cluster1 called http://a.n.svc.cluster.local/cluster");
  });

  it("never show a failure as an answer", () => {
    const text = summary(new Map([["staging", { outputs, proofs: [{ ...host, problem: "refused" }] }]]));
    expect(text).to.contain("✗ refused").and.not.to.contain("This is identity");
    expect(summary(new Map([["staging", { failure: "why" }]]))).to.contain("failed");
  });
});

describe("the table of links", () => {
  it("shows way, identity and latency, and says when a link is stale", () => {
    expect(linkTable([{ stack: "development", ...link }]))
      .to.contain("proved")
      .and.to.contain("1.2 ms")
      .and.to.contain("5.7 ms");
    expect(linkTable([{ stack: "development", ...link, stale: "staging.exposedUrl changed" }]))
      .to.contain("staging.exposedUrl changed")
      .and.not.to.contain("proved");
  });
});

describe("an identity", () => {
  it("is read from an answer", () => {
    expect(parseIdentity("This is a b in cluster c\n")).to.deep.equal({ name: "a b", cluster: "c" });
    expect(parseIdentity("hello")).to.equal(undefined);
  });

  it("is that of the service that a stack's ingress serves at /", () => {
    const services = [
      { name: "a", namespace: "n" },
      { name: "b", namespace: "n", applicationName: "bee", ingress: true },
    ];
    const config = parseStackConfig("east", { cluster: { name: "c", httpPort: 80 }, services });
    const files = { project: "identity", configs: new Map([["east", config]]), mistakes: new Map() };
    expect(identityOf(files, "east")).to.deep.equal({ name: "bee", cluster: "east" });
    expect(identityOf(files, "west")).to.equal(undefined);
  });
});
