import { expect } from "chai";
import { sendRaw } from "../../../../support/raw-socket.ts";
import { startTestService, type TestService } from "../../../../support/test-service.ts";

describe("refuseAmbiguous", () => {
  let service: TestService;
  before(async () => (service = await startTestService()));
  after(() => service.drain());

  const statusOf = async (head: string): Promise<string | undefined> => {
    const answer = await sendRaw(service.port, `${head}\r\n\r\n`);
    return /^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1];
  };

  const badHosts: Record<string, string> = {
    "without a Host": "GET / HTTP/1.1",
    "without a Host among its headers": "GET / HTTP/1.1\r\nAccept: */*",
    "with an empty Host": "GET / HTTP/1.1\r\nHost:",
    "with a blank Host": "GET / HTTP/1.1\r\nHost:  ",
    "with two Hosts": "GET / HTTP/1.1\r\nHost: a\r\nHost: b",
    "with the same Host twice": "GET / HTTP/1.1\r\nHost: a\r\nhOST: a",
    "of HTTP/1.0 with two Hosts": "GET / HTTP/1.0\r\nHost: a\r\nHost: a",
    "with a list as its Host": "GET / HTTP/1.1\r\nHost: a, b",
    "with a path in its Host": "GET / HTTP/1.1\r\nHost: a/b",
    "with a user in its Host": "GET / HTTP/1.1\r\nHost: user@a",
    "with a scheme in its Host": "GET / HTTP/1.1\r\nHost: http://a",
    "with a blank in its Host": "GET / HTTP/1.1\r\nHost: a b",
    "with a port that is not a number in its Host": "GET / HTTP/1.1\r\nHost: a:b",
    "with a port above 65535 in its Host": "GET / HTTP/1.1\r\nHost: a:65536",
    "with a port after an IPv6 address without brackets in its Host": "GET / HTTP/1.1\r\nHost: 1:2:3:4:5:6:7:8:80",
    "with an unclosed bracket in its Host": "GET / HTTP/1.1\r\nHost: [::1",
    "with brackets around what is not an IPv6 address in its Host": "GET / HTTP/1.1\r\nHost: [:::1]",
    "with a Host beyond ASCII": "GET / HTTP/1.1\r\nHost: \u00e4",
    "with a Host of 256 characters": `GET / HTTP/1.1\r\nHost: ${"a".repeat(256)}`,
  };
  for (const [what, head] of Object.entries(badHosts)) {
    it(`a request ${what} is answered with 400`, async () => {
      expect(await statusOf(head)).to.equal("400");
    });
  }

  for (const host of [
    "a",
    "identity.test-namespace.svc.cluster.local:5000",
    "my_host",
    "127.0.0.1:81",
    "[::1]:5000",
    "fc00::2",
    "xn--4ca.example",
  ]) {
    it(`a request with the Host ${host} is answered with 200`, async () => {
      expect(await statusOf(`GET / HTTP/1.1\r\nHost: ${host}`)).to.equal("200");
    });
  }

  it("a request of HTTP/1.0 without a Host is answered with 200", async () => {
    expect(await statusOf("GET / HTTP/1.0")).to.equal("200");
  });

  it("a second Host behind thousands of headers is found, and answered with 400", async () => {
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
    it(`a request for the target ${target} is answered with 400`, async () => {
      expect(await statusOf(`GET ${target} HTTP/1.1\r\nHost: a`)).to.equal("400");
    });
  }

  it("a request for a whole URL is answered as one for the URL's path", async () => {
    const answer = await sendRaw(service.port, "GET http://other:81/cluster?x HTTP/1.1\r\nHost: a\r\n\r\n");
    expect(answer).to.match(/^HTTP\/1\.1 200 [^]*This is identity in cluster staging$/);
  });

  it("an ambiguous request is answered in JSON with a request id, and is the last one on its connection", async () => {
    const answer = await sendRaw(service.port, "GET / HTTP/1.1\r\nHost:\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n");
    expect(answer).to.match(/^HTTP\/1\.1 400 Bad Request\r\nX-Request-Id: [^]*Connection: close\r\n[^]*\r\n\r\n/);
    expect(answer.split("\r\n\r\n").slice(1)).to.deep.equal(['{"status":400,"error":"Bad Request"}']);
  });
});
