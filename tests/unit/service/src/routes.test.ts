import { expect } from "chai";
import { startTestService, type TestService } from "../../../support/test-service.ts";

const textType = "text/plain; charset=utf-8";
const jsonType = "application/json; charset=utf-8";

describe("the service's routes", () => {
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
    it(`the service answers GET ${path} with 200 and plain text`, async () => {
      const answer = await service.call(path);
      expect(answer).to.include({ status: 200, body });
      expect(answer.headers).to.include({ "content-type": textType, "content-length": String(body.length) });
    });

    it(`the service answers HEAD ${path} with the headers of GET and no body`, async () => {
      const answer = await service.call(path, { method: "HEAD" });
      expect(answer).to.include({ status: 200, body: "" });
      expect(answer.headers).to.include({ "content-type": textType, "content-length": String(body.length) });
    });

    it(`the service answers OPTIONS ${path} with the allowed methods`, async () => {
      const answer = await service.call(path, { method: "OPTIONS" });
      expect(answer).to.include({ status: 204, body: "" });
      expect(answer.headers.allow).to.equal("GET, HEAD, OPTIONS");
    });
  }

  for (const method of ["POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"]) {
    it(`the service answers ${method} on a known path with 405 and the allowed methods`, async () => {
      const answer = await service.call("/cluster", { method });
      expect(answer).to.include({ status: 405, body: '{"status":405,"error":"Method Not Allowed"}' });
      expect(answer.headers).to.include({ allow: "GET, HEAD, OPTIONS", "content-type": jsonType });
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
    it(`the service answers every method on the unknown path ${path} with 404`, async () => {
      for (const method of ["GET", "POST", "OPTIONS"]) {
        const answer = await service.call(path, { method });
        expect(answer).to.include({ status: 404, body: '{"status":404,"error":"Not Found"}' });
        expect(answer.headers["content-type"]).to.equal(jsonType);
      }
    });
  }

  it("the service answers OPTIONS * with the methods that it allows anywhere", async () => {
    const answer = await service.call("*", { method: "OPTIONS" });
    expect(answer.status).to.equal(204);
    expect(answer.headers.allow).to.equal("GET, HEAD, OPTIONS");
  });
});
