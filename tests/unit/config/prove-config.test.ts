import { expect } from "chai";
import { ruleOfService } from "../../../config/prove-config.ts";
import { onlyProblemOf, parse, problemsOf, withPeer, withService } from "../../support/stack-configs.ts";

const url = "http://cluster2-control-plane";

describe("prove", () => {
  it("a prove may say anything that can be judged", () => {
    for (const prove of [
      {},
      { path: "/" },
      { path: "/search?q=1", status: 204 },
      { contains: "hello", json: { name: "web" } },
      { status: 401, json: [] },
    ]) {
      expect(problemsOf(withService({ prove })), JSON.stringify(prove)).to.deep.equal([]);
      expect(problemsOf(withPeer({ url, prove }))).to.deep.equal([]);
    }
    expect(parse(withService({ prove: {} })).services[0]).to.have.deep.property("prove", {});
  });

  const refused: [prove: unknown, problem: RegExp][] = [
    [true, /^services\[0\]\.prove: true is not a description of an answer: write \{ path/],
    [{ path: "health" }, /^services\[0\]\.prove\.path: "health" is not a path to call: write one .* "\/health"/],
    [{ path: "//evil/x" }, /prove\.path: .* is not a path to call/],
    [{ path: "/a b" }, /prove\.path: .* is not a path to call/],
    [{ path: "/a#b" }, /prove\.path: .* is not a path to call/],
    [{ status: 99 }, /prove\.status: 99 is not a whole number from 200 to 599/],
    [{ status: "200" }, /prove\.status: "200" is text: write 200, without quotes/],
    [{ contains: "" }, /prove\.contains: "" is in every body/],
    [{ contains: 5 }, /prove\.contains: 5 is not text/],
    [{ contains: "x".repeat(1001) }, /prove\.contains: .* has 1001 characters: write at most 1000/],
    [{ status: 204, contains: "x" }, /prove\.contains: an answer with status 204 has no body: leave it out/],
    [{ status: 304, json: {} }, /prove\.json: an answer with status 304 has no body/],
    [{ body: "x" }, /prove\.body: unknown key/],
  ];
  for (const [prove, problem] of refused) {
    it(`prove: ${JSON.stringify(prove).slice(0, 40)} is refused, with its place and a remedy`, () =>
      expect(onlyProblemOf(withService({ prove }))).to.match(problem));
  }

  it("a prove whose path the service's ingress does not pass on is refused", () => {
    const withPaths = (ingress: unknown, path: string) => withService({ ingress, prove: { path } });
    for (const path of ["/shop", "/shop/health", "/shop?x=1"]) {
      expect(problemsOf(withPaths({ path: "/shop" }, path)), path).to.deep.equal([]);
    }
    expect(problemsOf(withPaths(true, "/health"))).to.deep.equal([]);
    for (const path of ["/health", "/shopping"]) {
      expect(onlyProblemOf(withPaths({ path: "/shop" }, path))).to.match(
        /^services\[0\]\.prove\.path: the ingress passes on what is under "\/shop" only: write a path there/,
      );
    }
  });

  it("a peer may have expect or prove, not both", () => {
    const both = { url, expect: { name: "a", cluster: "b" }, prove: {} };
    expect(onlyProblemOf(withPeer(both))).to.match(/^peers\[0\]\.prove: both expect and prove: keep expect for/);
  });
});

describe("ruleOfService", () => {
  const other = { name: "internal", namespace: "test", replicas: 1, image: "web" };
  const service = { ...other, image: undefined, applicationName: "internal", applicationCluster: "development" };

  it("an identity service must tell its identity, one of another image just answer, and each as its file says", () => {
    expect(ruleOfService(service)).to.deep.equal({
      path: "/cluster",
      identity: { name: "internal", cluster: "development" },
    });
    expect(ruleOfService(other)).to.deep.equal({ path: "/" });
    expect(ruleOfService({ ...service, prove: { path: "/x" } })).to.deep.equal({ path: "/x" });
    expect(ruleOfService({ ...service, prove: {} })).to.deep.equal({ path: "/" });
  });

  it("a service is called under the path of its ingress", () => {
    const under = { ...service, ingress: { path: "/shop" } };
    expect(ruleOfService(under)).to.include({ path: "/shop/cluster" });
    expect(ruleOfService({ ...other, ingress: under.ingress })).to.deep.equal({ path: "/shop" });
    expect(ruleOfService({ ...under, prove: { status: 200 } })).to.deep.equal({ path: "/shop", status: 200 });
  });
});
