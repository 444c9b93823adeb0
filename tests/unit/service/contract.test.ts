import { expect } from "chai";
import { sendRaw } from "../../support/raw-socket.ts";
import { type TestService, call, startTestService } from "../../support/test-service.ts";

const TEXT = "text/plain; charset=utf-8";
const JSON_TYPE = "application/json; charset=utf-8";

describe("the service's contract", () => {
  let service: TestService;
  before(async () => (service = await startTestService()));
  after(() => service.drain());

  const answers = {
    "/": "hello",
    "/cluster": "This is identity in cluster staging",
    "/healthz": "ok",
    "/readyz": "ok",
    "/cluster?verbose=1": "This is identity in cluster staging",
  };
  for (const [path, body] of Object.entries(answers)) {
    it(`answers GET ${path} with 200 and plain text`, async () => {
      const answer = await service.call(path);
      expect(answer).to.include({ status: 200, body });
      expect(answer.headers).to.include({ "content-type": TEXT, "content-length": String(body.length) });
    });

    it(`answers HEAD ${path} with the headers alone`, async () => {
      const answer = await service.call(path, { method: "HEAD" });
      expect(answer).to.include({ status: 200, body: "" });
      expect(answer.headers).to.include({ "content-type": TEXT, "content-length": String(body.length) });
    });

    it(`answers OPTIONS ${path} with what is allowed`, async () => {
      const answer = await service.call(path, { method: "OPTIONS" });
      expect(answer).to.include({ status: 204, body: "" });
      expect(answer.headers["allow"]).to.equal("GET, HEAD, OPTIONS");
    });
  }

  for (const method of ["POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"]) {
    it(`answers ${method} on a known path with 405 and what is allowed`, async () => {
      const answer = await service.call("/cluster", { method });
      expect(answer).to.include({ status: 405, body: '{"status":405,"error":"Method Not Allowed"}' });
      expect(answer.headers).to.include({ allow: "GET, HEAD, OPTIONS", "content-type": JSON_TYPE });
    });
  }

  for (const path of [
    "/nothing",
    "/cluster/",
    "/CLUSTER",
    "//cluster",
    "/cluster/x",
    "/metrics",
    "/%63luster",
    "/constructor",
  ]) {
    it(`answers ${path} with 404, whatever the method`, async () => {
      for (const method of ["GET", "POST", "OPTIONS"]) {
        const answer = await service.call(path, { method });
        expect(answer).to.include({ status: 404, body: '{"status":404,"error":"Not Found"}' });
        expect(answer.headers["content-type"]).to.equal(JSON_TYPE);
      }
    });
  }

  it("answers OPTIONS * for the service as a whole", async () => {
    const answer = await service.call("*", { method: "OPTIONS" });
    expect(answer.status).to.equal(204);
    expect(answer.headers["allow"]).to.equal("GET, HEAD, OPTIONS");
  });

  it("counts the bytes of a name, not its letters", async () => {
    const other = await startTestService({ name: "идентичность" });
    try {
      expect((await other.call("/cluster")).body).to.equal("This is идентичность in cluster staging");
    } finally {
      await other.drain();
    }
  });

  it("keeps a name with markup plain text", async () => {
    const other = await startTestService({ name: "<b>" });
    try {
      expect((await other.call("/cluster")).headers["content-type"]).to.equal(TEXT);
    } finally {
      await other.drain();
    }
  });

  describe("x-request-id", () => {
    for (const id of ["abc", "7f9c2ba4-e88f-4277", "a:b/c=d@e.f+g_h", "x".repeat(128)]) {
      it(`is taken over: ${id.slice(0, 20)}`, async () => {
        expect((await service.call("/", { headers: { "x-request-id": id } })).headers["x-request-id"]).to.equal(id);
      });
    }

    for (const id of ["", "two words", "x".repeat(129), '"quoted"', "<script>"]) {
      it(`is made where it isn't sane: ${id.slice(0, 20)}`, async () => {
        const { headers } = await service.call("/", { headers: { "x-request-id": id } });
        expect(headers["x-request-id"]).to.match(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
      });
    }

    it("is made where there are two", async () => {
      const { headers } = await service.call("/", { headers: { "x-request-id": ["a", "b"] } });
      expect(headers["x-request-id"]).to.have.length(36);
    });

    it("is another one for each request, errors too", async () => {
      const [a, b] = [await service.call("/nothing"), await service.call("/nothing")];
      expect(a.headers["x-request-id"]).to.have.length(36).and.not.equal(b.headers["x-request-id"]);
    });
  });

  it("keeps a connection open for the next request", async () => {
    const answers = await sendRaw(
      service.port,
      "GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /cluster HTTP/1.1\r\nHost: a\r\n\r\n",
    );
    expect(answers).to.match(/200 OK[^]*hello[^]*200 OK[^]*This is identity in cluster staging$/);
  });

  it("exposes its metrics on the second port only", async () => {
    expect((await service.call("/metrics")).status).to.equal(404);
    expect((await call(service.metricsPort, "/metrics")).status).to.equal(200);
    expect((await call(service.metricsPort, "/cluster")).status).to.equal(404);
  });
});
