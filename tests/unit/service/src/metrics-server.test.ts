import { expect } from "chai";
import { type Answer, call, startTestService, type TestService } from "../../../support/test-service.ts";

describe("serveMetrics", () => {
  let service: TestService;
  beforeEach(async () => (service = await startTestService()));
  afterEach(() => service.drain());

  const scrape = (method = "GET"): Promise<Answer> => call(service.metricsPort, "/metrics", { method });

  it("the metrics are served in Prometheus' text format", async () => {
    const { status, headers, body } = await scrape();
    expect(status).to.equal(200);
    expect(headers["content-type"]).to.match(/^text\/plain; version=0\.0\.4/);
    expect(body)
      .to.include("# TYPE http_requests_total counter")
      .and.include("# TYPE http_request_duration_seconds histogram");
  });

  it("the metrics are read-only: POST is answered with 405, HEAD without a body", async () => {
    expect(await scrape("POST")).to.include({ status: 405, body: '{"status":405,"error":"Method Not Allowed"}' });
    expect(await scrape("HEAD")).to.include({ status: 200, body: "" });
  });
});
