import { expect } from "chai";
import type { CallReport } from "../../../../fleet/proof/call-from-pod.ts";
import { diagnose, diagnoseProxy } from "../../../../fleet/proof/diagnosis.ts";

const peer = {
  alias: "cluster2-service1",
  namespace: "test-namespace",
  stack: "staging",
  url: "http://cluster2-control-plane",
  way: "externalName" as const,
  reason: "",
};
const expected = { path: "/cluster", identity: { name: "identity", cluster: "staging" } };
const answer = (status: number, body: string, ...headers: string[]) => ({
  status,
  reason: "",
  version: "1.1",
  headers,
  body: Buffer.from(body),
  cut: false,
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

  it("a 404 of the ingress's own is told from one of the service's, with what to do", () => {
    const own = diagnose(report(answer(404, "Not Found\n", "Server", "Skipper")), peer, expected);
    expect(own?.message)
      .to.contain("answers 404 at /cluster")
      .and.to.contain("its ingress: no service has a route")
      .and.to.contain("npm run up -- staging");
    const site = { ...peer, stack: undefined };
    const others = diagnose(report(answer(404, "<html>nothing here</html>", "server", "nginx")), site, expected);
    expect(others?.message).to.contain('what calls itself "nginx"').and.to.contain('as "host"');
    expect(others?.message).not.to.contain("its ingress");
  });

  it("a redirect is diagnosed as such, with its Location as the url to write", () => {
    const redirect = (location: string) => diagnose(report(answer(308, "", "location", location)), peer, expected);
    expect(redirect("https://fleet.example.com/cluster")).to.deep.equal({
      hop: "redirect",
      message:
        "http://cluster2-control-plane answers 308, a redirect to https://fleet.example.com/cluster: " +
        "write https://fleet.example.com as the exposedUrl of staging",
    });
    expect(redirect("/cluster/")?.message).to.contain('write "prove: { path: /cluster/ }"');
    for (const domain of ["", ".cluster.local", ".corp.example.com"]) {
      expect(redirect(`https://cluster2-service1.test-namespace.svc${domain}/`)?.message, domain).to.contain(
        "write https://cluster2-control-plane as",
      );
    }
  });

  it("a redirect to another site is no answer where none is asked for, and one within the site is", () => {
    const follow = (location: string, rule: Parameters<typeof diagnose>[2]) =>
      diagnose(report(answer(308, "", "location", location)), peer, rule)?.hop;
    expect(follow("https://a.example.com", { path: "/" })).to.equal("redirect");
    expect(follow("/login", { path: "/" })).to.equal(undefined);
    expect(follow("https://a.example.com", { path: "/", status: 308 })).to.equal(undefined);
  });

  it("a status that a rule asks for is right, whatever it is", () => {
    for (const status of [404, 503, 301]) {
      const rule = { path: "/", status };
      expect(diagnose(report(answer(status, "", "location", "/x")), peer, rule), String(status)).to.equal(undefined);
    }
  });

  it("a call that the proxy of a link refuses is not blamed on the target", () => {
    const problem = diagnose(failing("ECONNREFUSED"), { ...peer, way: "proxy" }, expected);
    expect(problem?.message).to.match(/^the proxy test-namespace\/cluster2-service1 refuses/);
  });

  it("nothing that a stranger sends reaches the terminal but text on one line", () => {
    const evil = "\u001b]0;owned\u0007\u001b[2J\r\n\u202eabc";
    for (const problem of [
      diagnose(report(answer(200, evil)), peer, expected),
      diagnose(report(answer(502, evil)), peer, expected),
      diagnose(report(answer(404, evil, "Server", evil)), peer, expected),
      diagnose(report(answer(302, evil, "Location", `https://x/${evil}`)), peer, expected),
      diagnose(failing("ODD", evil), peer, expected),
      diagnose({ error: "ENOTFOUND", alias: evil, answers: [] }, peer, expected),
    ]) {
      expect(problem?.message).to.be.a("string");
      expect(problem?.message).not.to.match(/[\p{Cc}\u202e]/u);
    }
  });

  it("the message about a wrong identity has the expected and the received one", () => {
    const problem = diagnose(report(answer(200, "This is identity in cluster development")), peer, expected);
    expect(problem?.message)
      .to.contain("This is identity in cluster staging")
      .and.to.contain("This is identity in cluster development");
  });
});

describe("diagnoseProxy", () => {
  const target = "https://fleet.example.com";
  /** A line as Skipper logs it. */
  const line = (why: string, status = 502) =>
    `[APP]time="2026-11-26T15:00:00Z" level=error msg="error while proxying after 3ms, route peer with backend network ` +
    `${target}, status code ${status}: ${why}, remote host: 10.244.0.9, request: \\"GET /cluster HTTP/1.1\\", ` +
    `host: cluster2-service1.test-namespace.svc.cluster.local, user agent: \\"\\""`;
  const dial = (why: string) => `dialing failed true: failed to do backend roundtrip to fleet.example.com:443: ${why}`;

  const reasons: [why: string, hop: string, says: RegExp][] = [
    [
      dial("dial tcp: lookup fleet.example.com on 10.96.0.10:53: no such host"),
      "target",
      /^fleet\.example\.com does not/,
    ],
    [dial("dial tcp 192.0.2.7:443: connect: connection refused"), "refused", /refuses the connection/],
    [
      "dialing failed false: unexpected error from Go stdlib net/http package during roundtrip: " +
        "tls: first record does not look like a TLS handshake",
      "tls",
      /^TLS with/,
    ],
    ["net.Error during backend roundtrip to a: timeout=true temporary='true': i/o timeout", "timeout", /in time/],
  ];
  for (const [why, hop, says] of reasons) {
    it(`a proxy that logged "${why.slice(-40)}" failed at hop ${hop}`, () => {
      const problem = diagnoseProxy(`starting\n${line(why)}\n`, target);
      expect(problem?.hop).to.equal(hop);
      expect(problem?.message).to.match(says);
    });
  }

  it("the last failure that a proxy logged counts, and a log without one says nothing", () => {
    const log = [line(dial("connect: connection refused")), line(dial("lookup a: no such host"))].join("\n");
    expect(diagnoseProxy(log, target)?.hop).to.equal("target");
    expect(diagnoseProxy("", target)).to.equal(undefined);
    expect(diagnoseProxy('level=info msg="route settings applied, no such host"', target)).to.equal(undefined);
  });

  it("a caller can't put words into the mouth of a proxy", () => {
    const forged = line("context canceled").replace("GET /cluster", "GET /x, status code 502: x509: , remote host: ");
    expect(diagnoseProxy(forged, target)).to.equal(undefined);
  });
});
