import { once } from "node:events";
import type { Server } from "node:http";
import { connect } from "node:net";
import { expect } from "chai";
import { createHttpServer, listen } from "../../../service/src/http.ts";
import { SERVER_OPTIONS } from "../../../service/src/limits.ts";
import { finishRaw, open, sendRaw } from "../../support/raw-socket.ts";
import { type TestService, startTestService } from "../../support/test-service.ts";

describe("what is no request at all", () => {
  let service: TestService;
  before(async () => (service = await startTestService()));
  after(() => service.drain());

  const refused: Record<string, [string, string]> = {
    garbage: ["garbage\r\n\r\n", "400 Bad Request"],
    "an unknown method": ["BREW / HTTP/1.1\r\nHost: a\r\n\r\n", "400 Bad Request"],
    "HTTP/2 without an agreement": ["PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "400 Bad Request"],
    "a header without a name": ["GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n", "400 Bad Request"],
    "two lengths": [
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
      "400 Bad Request",
    ],
    "a length beside chunks": [
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      "400 Bad Request",
    ],
    "half a request": ["GET / HTTP/1.1\r\nHo", "400 Bad Request"],
    "headers beyond 16 KiB": [
      `GET / HTTP/1.1\r\nHost: a\r\nCookie: ${"x".repeat(17 * 1024)}\r\n\r\n`,
      "431 Request Header Fields Too Large",
    ],
    CONNECT: ["CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n", "405 Method Not Allowed"],
  };
  for (const [what, [bytes, status]] of Object.entries(refused)) {
    it(`gets ${status} in JSON and a closed connection: ${what}`, async () => {
      const answer = await sendRaw(service.port, bytes);
      expect(answer).to.match(/^HTTP\/1\.1 /);
      expect(answer.slice("HTTP/1.1 ".length)).to.satisfy((rest: string) => rest.startsWith(`${status}\r\n`));
      expect(answer)
        .to.include("Connection: close\r\n")
        .and.include("Content-Type: application/json; charset=utf-8\r\n");
      const [code = "", ...words] = status.split(" ");
      expect(JSON.parse(answer.split("\r\n\r\n")[1] ?? "")).to.deep.equal({
        status: Number(code),
        error: words.join(" "),
      });
    });
  }

  it("says what CONNECT may be replaced by", async () => {
    expect(await sendRaw(service.port, "CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n")).to.include(
      "Allow: GET, HEAD, OPTIONS\r\n",
    );
  });

  it("is logged and counted", async () => {
    const { log, port, drain } = await startTestService();
    try {
      await sendRaw(port, "garbage\r\n\r\n");
      expect(log.at(-1)).to.include({ msg: "refused", status: 400, level: "info" });
    } finally {
      await drain();
    }
  });

  it("does not disturb whoever resets the connection", async () => {
    const socket = connect({ port: service.port });
    await once(socket, "connect");
    socket.write("GET / HTTP/1.1\r\nHost: a\r\nX: ");
    socket.resetAndDestroy();
    expect((await service.call("/")).status).to.equal(200);
  });

  for (const [what, head] of Object.entries({
    "an upgrade": "Connection: upgrade\r\nUpgrade: websocket\r\n",
    "an expectation": "Expect: a-miracle\r\n",
  })) {
    it(`isn't a request with ${what} that we don't know`, async () => {
      expect(await sendRaw(service.port, `GET / HTTP/1.1\r\nHost: a\r\n${head}\r\n`)).to.match(/^HTTP\/1\.1 200 OK/);
    });
  }

  it("isn't a request that waits for 100 Continue", async () => {
    const answer = await sendRaw(
      service.port,
      "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nab",
    );
    expect(answer).to.match(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 405 /);
  });
});

describe("a slow client", () => {
  let server: Server;
  let port: number;
  before(async () => {
    const impatient = { ...SERVER_OPTIONS, headersTimeout: 100, requestTimeout: 100, connectionsCheckingInterval: 20 };
    server = createHttpServer((_request, response) => response.end("ok"), undefined, impatient);
    port = await listen(server, 0);
  });
  after(() => server.close());

  for (const [what, bytes] of Object.entries({
    "that says nothing": "",
    "in the middle of its headers": "GET / HTTP/1.1\r\nHost: a\r\n",
    "in the middle of its next request": "GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HT",
    "in the middle of its body": "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nab",
  })) {
    it(`${what} gets 408 and a closed connection`, async () => {
      const socket = await open(port);
      if (bytes) socket.write(bytes);
      const received: Buffer[] = [];
      socket.on("data", (chunk: Buffer) => received.push(chunk)).on("end", () => socket.end());
      await once(socket, "close");
      expect(Buffer.concat(received).toString()).to.include("HTTP/1.1 408 Request Timeout\r\n");
    });
  }

  it("does not hold up the others", async () => {
    const slow = await Promise.all(Array.from({ length: 100 }, () => open(port)));
    const answer = await finishRaw(await open(port), "GET / HTTP/1.0\r\n\r\n");
    expect(answer).to.match(/^HTTP\/1\.1 200 OK/);
    for (const socket of slow) socket.destroy();
  });
});

describe("the service's limits", () => {
  const PROXY_IDLE = 60_000;
  const SLOWEST = 15_000;

  it("close a slow connection within 15 seconds", () => {
    const { headersTimeout = NaN, requestTimeout = NaN, connectionsCheckingInterval = NaN } = SERVER_OPTIONS;
    expect(Math.max(headersTimeout, requestTimeout) + connectionsCheckingInterval).to.be.below(SLOWEST);
    expect(createHttpServer(() => undefined).timeout).to.be.below(SLOWEST);
  });

  it("keep an idle connection longer than a proxy does", () => {
    expect(SERVER_OPTIONS.keepAliveTimeout).to.be.above(PROXY_IDLE);
  });

  it("are set on the server", () => {
    const server = createHttpServer(() => undefined);
    expect(server).to.include({
      headersTimeout: SERVER_OPTIONS.headersTimeout,
      requestTimeout: SERVER_OPTIONS.requestTimeout,
      keepAliveTimeout: SERVER_OPTIONS.keepAliveTimeout,
      timeout: 12_000,
      maxConnections: 4096,
      maxHeadersCount: 0,
      maxRequestsPerSocket: 0,
    });
  });
});
