import { expect } from "chai";
import { diagnose, diagnoseTarget } from "../../../fleet/proof/diagnosis.ts";
import type { CallReport } from "../../../fleet/proof/call-from-pod.ts";

const peer = {
  alias: "cluster2-service1",
  namespace: "test-namespace",
  stack: "staging",
  url: "http://cluster2-control-plane",
  way: "externalName",
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
const hop = (of: CallReport, who: Parameters<typeof diagnose>[1] = peer) => diagnose(of, who, expected)?.hop;

describe("the diagnosis of a link", () => {
  it("finds nothing wrong when the peer answers", () => {
    expect(diagnose(report(answer(200, "This is identity in cluster staging")), peer, expected)).to.equal(undefined);
  });

  it("takes 200 from the wrong cluster, the wrong service, or from no identity service for a failure", () => {
    for (const body of [
      "This is identity in cluster development",
      "This is other in cluster staging",
      "<html>hello</html>",
      "",
    ]) {
      expect(hop(report(answer(200, body))), body).to.equal("identity");
    }
  });

  it("finds one wrong answer among right ones", () => {
    const right = answer(200, "This is identity in cluster staging");
    expect(hop(report(right, answer(200, "This is identity in cluster development"), right))).to.equal("identity");
  });

  it("tells an alias that doesn't resolve from a target that doesn't", () => {
    const nowhere = { error: "ENOTFOUND", answers: [] };
    expect(hop({ ...nowhere, alias: "cluster2-control-plane" })).to.equal("target");
    expect(hop(nowhere, { ...peer, way: "proxy" })).to.equal("alias");
  });

  it("tells a target that was forgotten between its look-up and the call, and an error that it has no word for", () => {
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
    it(`takes ${code} for ${where}`, () => expect(hop(failing(code))).to.equal(where));
  }

  it("takes 404 for a wrong Host, and a gateway's error for a target that refuses", () => {
    expect(hop(report(answer(404, "Not Found")))).to.equal("host");
    for (const status of [502, 503, 504]) expect(hop(report(answer(status, "")))).to.equal("refused");
  });

  it("tells what a proxy's target fails at, from a call past the proxy", () => {
    const target = "https://fleet.example.com";
    expect(diagnoseTarget({ error: "ENOTFOUND", answers: [] }, target))
      .to.deep.include({ hop: "target" })
      .and.to.have.property("message")
      .that.contains("fleet.example.com");
    expect(diagnoseTarget(failing("UNABLE_TO_GET_ISSUER_CERT_LOCALLY"), target)?.hop).to.equal("tls");
    expect(diagnoseTarget(failing("ECONNREFUSED"), target)?.hop).to.equal("refused");
    expect(diagnoseTarget(report(answer(200, "")), target)).to.equal(undefined);
  });

  it("names what was expected and what came", () => {
    const problem = diagnose(report(answer(200, "This is identity in cluster development")), peer, expected);
    expect(problem?.message)
      .to.contain("This is identity in cluster staging")
      .and.to.contain("This is identity in cluster development");
  });
});
