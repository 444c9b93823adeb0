import { expect } from "chai";
import { sendRaw } from "../../support/raw-socket.ts";
import { type TestService, startTestService } from "../../support/test-service.ts";

describe("a request that proxies may read in another way", () => {
  let service: TestService;
  before(async () => (service = await startTestService()));
  after(() => service.drain());

  const statusOf = async (head: string): Promise<string | undefined> => {
    const answer = await sendRaw(service.port, `${head}\r\n\r\n`);
    return /^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1];
  };

  const badHosts: Record<string, string> = {
    missing: "GET / HTTP/1.1",
    "missing among others": "GET / HTTP/1.1\r\nAccept: */*",
    empty: "GET / HTTP/1.1\r\nHost:",
    blank: "GET / HTTP/1.1\r\nHost:  ",
    duplicate: "GET / HTTP/1.1\r\nHost: a\r\nHost: b",
    "twice the same": "GET / HTTP/1.1\r\nHost: a\r\nhOST: a",
    "duplicate in HTTP/1.0": "GET / HTTP/1.0\r\nHost: a\r\nHost: a",
    "a list": "GET / HTTP/1.1\r\nHost: a, b",
    "with a path": "GET / HTTP/1.1\r\nHost: a/b",
    "with a user": "GET / HTTP/1.1\r\nHost: user@a",
    "with a scheme": "GET / HTTP/1.1\r\nHost: http://a",
    "with a blank": "GET / HTTP/1.1\r\nHost: a b",
    "with a port that is no number": "GET / HTTP/1.1\r\nHost: a:b",
    "with a port too high": "GET / HTTP/1.1\r\nHost: a:65536",
    "with half a bracket": "GET / HTTP/1.1\r\nHost: [::1",
    "with no IPv6 in brackets": "GET / HTTP/1.1\r\nHost: [:::1]",
    "beyond ASCII": "GET / HTTP/1.1\r\nHost: \u00e4",
    "too long": `GET / HTTP/1.1\r\nHost: ${"a".repeat(256)}`,
  };
  for (const [what, head] of Object.entries(badHosts)) {
    it(`gets 400: Host ${what}`, async () => expect(await statusOf(head)).to.equal("400"));
  }

  for (const host of [
    "a",
    "identity.test-namespace.svc.cluster.local:5000",
    "my_host",
    "127.0.0.1:81",
    "[::1]:5000",
    "xn--4ca.example",
  ]) {
    it(`isn't this one: Host ${host}`, async () =>
      expect(await statusOf(`GET / HTTP/1.1\r\nHost: ${host}`)).to.equal("200"));
  }

  it("isn't one of HTTP/1.0 without a Host", async () => expect(await statusOf("GET / HTTP/1.0")).to.equal("200"));

  it("finds the second Host behind thousands of headers", async () => {
    const padding = "a:\r\n".repeat(3000);
    expect(await statusOf(`GET / HTTP/1.1\r\nHost: a\r\n${padding}Host: b`)).to.equal("400");
  });

  for (const target of [
    "http://[::1",
    "http://a:99999/",
    "ftp://a/",
    "cluster",
    "/#fragment",
    "/\u00e4",
    "*",
    "a:80",
  ]) {
    it(`gets 400: target ${target}`, async () => {
      expect(await statusOf(`GET ${target} HTTP/1.1\r\nHost: a`)).to.equal("400");
    });
  }

  it("isn't one whose target is a whole URL", async () => {
    const answer = await sendRaw(service.port, "GET http://other:81/cluster?x HTTP/1.1\r\nHost: a\r\n\r\n");
    expect(answer).to.match(/^HTTP\/1\.1 200 [^]*This is identity in cluster staging$/);
  });

  it("is the last one on its connection, and the answer is JSON with an id", async () => {
    const answer = await sendRaw(service.port, "GET / HTTP/1.1\r\nHost:\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n");
    expect(answer).to.match(/^HTTP\/1\.1 400 Bad Request\r\nX-Request-Id: [^]*Connection: close\r\n[^]*\r\n\r\n/);
    expect(answer.split("\r\n\r\n").slice(1)).to.deep.equal(['{"status":400,"error":"Bad Request"}']);
  });
});
