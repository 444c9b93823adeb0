import { once } from "node:events";
import type { Server } from "node:http";
import { connect } from "node:net";
import { expect } from "chai";
import * as fc from "fast-check";
import { createHttpServer, listen } from "../../../../service/src/http.ts";
import { serverOptions } from "../../../../service/src/server-limits.ts";
import { oddRequests } from "../../../support/odd-requests.ts";
import { finishRaw, open, sendRaw } from "../../../support/raw-socket.ts";
import {
  call,
  type ServiceProcess,
  spawnService,
  startTestService,
  type TestService,
} from "../../../support/test-service.ts";

describe("createHttpServer", () => {
  describe("malformed requests", () => {
    let service: TestService;
    before(async () => (service = await startTestService()));
    after(() => service.drain());

    const refused: Record<string, [string, string]> = {
      "bytes that are not a request": ["garbage\r\n\r\n", "400 Bad Request"],
      "a request with an unknown method": ["BREW / HTTP/1.1\r\nHost: a\r\n\r\n", "400 Bad Request"],
      "HTTP/2 without negotiation": ["PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "400 Bad Request"],
      "a request with a nameless header": ["GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n", "400 Bad Request"],
      "a request with two lengths": [
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        "400 Bad Request",
      ],
      "a request with both a length and chunks": [
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "400 Bad Request",
      ],
      "half a request": ["GET / HTTP/1.1\r\nHo", "400 Bad Request"],
      "a request with headers above 16 KiB": [
        `GET / HTTP/1.1\r\nHost: a\r\nCookie: ${"x".repeat(17 * 1024)}\r\n\r\n`,
        "431 Request Header Fields Too Large",
      ],
      "a CONNECT request": ["CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n", "405 Method Not Allowed"],
    };
    for (const [what, [bytes, status]] of Object.entries(refused)) {
      it(`the service answers ${what} with ${status} in JSON, and closes the connection`, async () => {
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

    it("the service answers a CONNECT request with the allowed methods", async () => {
      expect(await sendRaw(service.port, "CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n")).to.include(
        "Allow: GET, HEAD, OPTIONS\r\n",
      );
    });

    it("the service goes on when a client resets its connection in the middle of a request", async () => {
      const socket = connect({ port: service.port });
      await once(socket, "connect");
      socket.write("GET / HTTP/1.1\r\nHost: a\r\nX: ");
      socket.resetAndDestroy();
      expect((await service.call("/")).status).to.equal(200);
    });
  });

  describe("unusual requests", () => {
    let service: TestService;
    before(async () => (service = await startTestService()));
    after(() => service.drain());

    for (const [what, head] of Object.entries({
      upgrade: "Connection: upgrade\r\nUpgrade: websocket\r\n",
      expectation: "Expect: a-miracle\r\n",
    })) {
      it(`the service ignores an unknown ${what}, and answers the request with 200`, async () => {
        expect(await sendRaw(service.port, `GET / HTTP/1.1\r\nHost: a\r\n${head}\r\n`)).to.match(/^HTTP\/1\.1 200 OK/);
      });
    }

    it("the service answers a request that expects 100 Continue with it, and then with its own answer", async () => {
      const answer = await sendRaw(
        service.port,
        "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nab",
      );
      expect(answer).to.match(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 405 /);
    });

    it("the service keeps a connection open for the next request", async () => {
      const answers = await sendRaw(
        service.port,
        "GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /cluster HTTP/1.1\r\nHost: a\r\n\r\n",
      );
      expect(answers).to.match(/200 OK[^]*hello[^]*200 OK[^]*This is identity in cluster staging$/);
    });
  });

  describe("slow clients", () => {
    let server: Server;
    let port: number;
    before(async () => {
      const impatient = { ...serverOptions, headersTimeout: 100, requestTimeout: 100, connectionsCheckingInterval: 20 };
      server = createHttpServer((_request, response) => response.end("ok"), undefined, impatient);
      port = await listen(server, 0);
    });
    after(() => server.close());

    for (const [where, bytes] of Object.entries({
      "before its request": "",
      "in the middle of its headers": "GET / HTTP/1.1\r\nHost: a\r\n",
      "in the middle of its next request": "GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HT",
      "in the middle of its body": "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nab",
    })) {
      it(`a client that stops ${where} gets 408, and its connection is closed`, async () => {
        const socket = await open(port);
        if (bytes) socket.write(bytes);
        const received: Buffer[] = [];
        socket.on("data", (chunk: Buffer) => received.push(chunk)).on("end", () => socket.end());
        await once(socket, "close");
        expect(Buffer.concat(received).toString()).to.include("HTTP/1.1 408 Request Timeout\r\n");
      });
    }

    it("a hundred slow clients do not delay the answer to another one", async () => {
      const slow = await Promise.all(Array.from({ length: 100 }, () => open(port)));
      const answer = await finishRaw(await open(port), "GET / HTTP/1.0\r\n\r\n");
      expect(answer).to.match(/^HTTP\/1\.1 200 OK/);
      for (const socket of slow) socket.destroy();
    });
  });

  describe("generated requests", function () {
    this.timeout(60_000);
    const runs = 400;
    let running: ServiceProcess;
    let port: number;
    before(async () => {
      running = spawnService({ DRAIN_DELAY: "0", DRAIN_TIMEOUT: "0.5" });
      port = Number((await running.logged("started")).port);
    });
    after(() => running.child.kill("SIGKILL"));

    it(`the service answers ${runs} odd and malformed requests without a 5xx, and closes every connection`, async () => {
      await fc.assert(
        fc.asyncProperty(oddRequests, async (bytes) => {
          const answer = await sendRaw(port, Buffer.from(bytes, "latin1"));
          expect(answer)
            .to.match(/^(HTTP\/1\.1 |$)/)
            .and.not.match(/^HTTP\/1\.\d 5/m);
        }),
        { numRuns: runs },
      );
    });

    it("the service still answers after odd and malformed requests, has logged no error, and drains", async () => {
      expect(await call(port, "/cluster")).to.include({ status: 200, body: "This is service1 in cluster cluster1" });
      running.child.kill("SIGTERM");
      expect(await running.ended).to.deep.equal({ status: 0, signal: null, stderr: "" });
      expect(running.log.filter(({ level }) => level === "error" || level === "fatal")).to.deep.equal([]);
    });
  });
});
