import { expect } from "chai";
import { call, startTestService, type TestService } from "../../../support/test-service.ts";

describe("createMetrics", () => {
  let service: TestService;
  beforeEach(async () => (service = await startTestService()));
  afterEach(() => service.drain());

  const scrape = async (): Promise<string> => (await call(service.metricsPort, "/metrics")).body;
  const linesOf = async (name: string): Promise<string[]> =>
    (await scrape()).split("\n").filter((line) => line.startsWith(`${name}{`));

  it("the service's metrics have those of Node's process", async () => {
    const body = await scrape();
    for (const name of [
      "process_cpu_seconds_total",
      "process_resident_memory_bytes",
      "nodejs_eventloop_lag_seconds",
      "nodejs_heap_size_used_bytes",
    ]) {
      expect(body).to.match(new RegExp(`^${name} [\\d.e+-]+$`, "m"));
    }
  });

  it("http_requests_total counts requests by method, route and status", async () => {
    await service.call("/cluster");
    await service.call("/cluster?x=1");
    await service.call("/cluster", { method: "POST" });
    await service.call("/");
    expect(await linesOf("http_requests_total")).to.have.members([
      'http_requests_total{method="GET",route="/cluster",status="200"} 2',
      'http_requests_total{method="POST",route="/cluster",status="405"} 1',
      'http_requests_total{method="GET",route="/",status="200"} 1',
    ]);
  });

  it("http_requests_total counts a request once, however often the metrics are read", async () => {
    for (let count = 1; count <= 3; count++) {
      await service.call("/");
      expect(await linesOf("http_requests_total")).to.deep.equal([
        `http_requests_total{method="GET",route="/",status="200"} ${count}`,
      ]);
    }
  });

  it("http_request_duration_seconds measures how long requests take", async () => {
    await service.call("/");
    const buckets = await linesOf("http_request_duration_seconds_bucket");
    expect(buckets.at(-1)).to.equal(
      'http_request_duration_seconds_bucket{le="+Inf",method="GET",route="/",status="200"} 1',
    );
    expect(buckets.at(-2)).to.equal(
      'http_request_duration_seconds_bucket{le="10",method="GET",route="/",status="200"} 1',
    );
    const [sum = ""] = await linesOf("http_request_duration_seconds_sum");
    expect(Number(sum.split(" ")[1])).to.be.within(0, 1);
  });

  it("http_requests_total has one label for all unknown paths", async () => {
    for (let i = 0; i < 20; i++) await service.call(`/made-up/${i}`);
    expect(await linesOf("http_requests_total")).to.deep.equal([
      'http_requests_total{method="GET",route="unknown",status="404"} 20',
    ]);
  });
});
