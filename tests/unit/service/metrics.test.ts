import { expect } from "chai";
import { sendRaw } from "../../support/raw-socket.ts";
import { type Answer, type TestService, call, startTestService } from "../../support/test-service.ts";

describe("the service's metrics", () => {
  let service: TestService;
  beforeEach(async () => (service = await startTestService()));
  afterEach(() => service.drain());

  const scrape = (method = "GET"): Promise<Answer> => call(service.metricsPort, "/metrics", { method });
  const linesOf = async (name: string): Promise<string[]> =>
    (await scrape()).body.split("\n").filter((line) => line.startsWith(`${name}{`));

  it("are Prometheus' text format", async () => {
    const { status, headers, body } = await scrape();
    expect(status).to.equal(200);
    expect(headers["content-type"]).to.match(/^text\/plain; version=0\.0\.4/);
    expect(body)
      .to.include("# TYPE http_requests_total counter")
      .and.include("# TYPE http_request_duration_seconds histogram");
  });

  it("have the process's own numbers", async () => {
    const { body } = await scrape();
    for (const name of [
      "process_cpu_seconds_total",
      "process_resident_memory_bytes",
      "nodejs_eventloop_lag_seconds",
      "nodejs_heap_size_used_bytes",
    ]) {
      expect(body).to.match(new RegExp(`^${name} [\\d.e+-]+$`, "m"));
    }
  });

  it("count requests by method, route and status", async () => {
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

  it("count anew what was counted before", async () => {
    for (let count = 1; count <= 3; count++) {
      await service.call("/");
      expect(await linesOf("http_requests_total")).to.deep.equal([
        `http_requests_total{method="GET",route="/",status="200"} ${count}`,
      ]);
    }
  });

  it("measure how long requests take", async () => {
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

  it("have one label for all unknown paths", async () => {
    for (let i = 0; i < 20; i++) await service.call(`/made-up/${i}`);
    expect(await linesOf("http_requests_total")).to.deep.equal([
      'http_requests_total{method="GET",route="unknown",status="404"} 20',
    ]);
  });

  it("count what is no request", async () => {
    await sendRaw(service.port, "garbage\r\n\r\n");
    expect(await linesOf("http_requests_total")).to.deep.equal([
      'http_requests_total{method="none",route="unknown",status="400"} 1',
    ]);
  });

  it("are read only", async () => {
    expect(await scrape("POST")).to.include({ status: 405, body: '{"status":405,"error":"Method Not Allowed"}' });
    expect(await scrape("HEAD")).to.include({ status: 200, body: "" });
  });
});
