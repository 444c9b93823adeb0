import { expect } from "chai";
import type { CallReport } from "../../../../fleet/proof/call-from-pod.ts";
import { diagnose, diagnoseTarget } from "../../../../fleet/proof/diagnosis.ts";

const peer = {
  alias: "cluster2-service1",
  namespace: "test-namespace",
  stack: "staging",
  url: "http://cluster2-control-plane",
  way: "externalName" as const,
  reason: "",
};
const expected = { name: "identity", cluster: "staging" };
const answer = (status: number, body: string) => ({
  status,
  reason: "",
  version: "1.1",
  headers: [],
  body,
  milliseconds: 1,
});
const report = (...answers: CallReport["answers"]): CallReport => ({
  address: "172.18.0.2",
  alias: "cluster2-control-plane",
  answers,
});
const failing = (error: string, message = error) => report({ error, message });
const hop = (calls: CallReport, of: Parameters<typeof diagnose>[1] = peer) => diagnose(calls, of, expected)?.hop;

describe("diagnose", () => {
  it("diagnose finds nothing wrong with a link whose expected service answers", () => {
    expect(diagnose(report(answer(200, "This is identity in cluster staging")), peer, expected)).to.equal(undefined);
  });

  it("an answer from the wrong cluster, the wrong service or no identity service is diagnosed as hop identity", () => {
    for (const body of [
      "This is identity in cluster development",
      "This is other in cluster staging",
      "<html>hello</html>",
      "",
    ]) {
      expect(hop(report(answer(200, body))), body).to.equal("identity");
    }
  });

  it("diagnose finds one wrong answer among right ones", () => {
    const right = answer(200, "This is identity in cluster staging");
    expect(hop(report(right, answer(200, "This is identity in cluster development"), right))).to.equal("identity");
  });

  it("an alias that does not resolve is diagnosed as hop alias, and its target as hop target", () => {
    const nowhere = { error: "ENOTFOUND", answers: [] };
    expect(hop({ ...nowhere, alias: "cluster2-control-plane" })).to.equal("target");
    expect(hop(nowhere, { ...peer, way: "proxy" })).to.equal("alias");
  });

  it("a name that stops resolving before the call, and an unknown error, are diagnosed as failures of the target", () => {
    const forgotten = diagnose(failing("ENOTFOUND", "getaddrinfo ENOTFOUND cluster2-service1"), peer, expected);
    expect(forgotten)
      .to.deep.include({ hop: "target" })
      .and.to.have.property("message")
      .that.contains("does not resolve any more");
    expect(diagnose(failing("EMFILE", ""), peer, expected)?.message).to.equal(
      "http://cluster2-control-plane can't be called (EMFILE)",
    );
  });

  for (const [code, where] of Object.entries({
    ECONNREFUSED: "refused",
    EHOSTUNREACH: "refused",
    ABORT_ERR: "timeout",
    ETIMEDOUT: "timeout",
    CERT_HAS_EXPIRED: "tls",
    DEPTH_ZERO_SELF_SIGNED_CERT: "tls",
  })) {
    it(`the error ${code} is diagnosed as hop ${where}`, () => expect(hop(failing(code))).to.equal(where));
  }

  it("status 404 is diagnosed as hop host, and a gateway's 502, 503 or 504 as hop refused", () => {
    expect(hop(report(answer(404, "Not Found")))).to.equal("host");
    for (const status of [502, 503, 504]) expect(hop(report(answer(status, "")))).to.equal("refused");
  });

  it("the message about a wrong identity has the expected and the received one", () => {
    const problem = diagnose(report(answer(200, "This is identity in cluster development")), peer, expected);
    expect(problem?.message)
      .to.contain("This is identity in cluster staging")
      .and.to.contain("This is identity in cluster development");
  });
});

describe("diagnoseTarget", () => {
  it("diagnoseTarget finds why a proxy's target fails, from a call past the proxy", () => {
    const target = "https://fleet.example.com";
    expect(diagnoseTarget({ error: "ENOTFOUND", answers: [] }, target))
      .to.deep.include({ hop: "target" })
      .and.to.have.property("message")
      .that.contains("fleet.example.com");
    expect(diagnoseTarget(failing("UNABLE_TO_GET_ISSUER_CERT_LOCALLY"), target)?.hop).to.equal("tls");
    expect(diagnoseTarget(failing("ECONNREFUSED"), target)?.hop).to.equal("refused");
    expect(diagnoseTarget(report(answer(200, "")), target)).to.equal(undefined);
  });
});
