import { expect } from "chai";
import type { ServiceConfig } from "../../../service/src/settings.ts";
import { finishRaw, open } from "../../support/raw-socket.ts";
import { type LogLine, type TestService, startTestService, until } from "../../support/test-service.ts";

describe("the service's log", () => {
  let service: TestService | undefined;
  afterEach(() => service?.drain());

  /** The lines of the requests that `use` makes. */
  async function requestsOf(
    overrides: Partial<ServiceConfig>,
    use: (service: TestService) => Promise<unknown>,
  ): Promise<LogLine[]> {
    service = await startTestService(overrides);
    await use(service);
    return service.log.filter(({ msg }) => msg === "request");
  }

  it("has one line for each request", async () => {
    const lines = await requestsOf({}, (it) => it.call("/cluster", { headers: { "x-request-id": "abc" } }));
    expect(lines).to.have.length(1);
    expect(lines[0]).to.include({
      level: "info",
      service: "identity",
      cluster: "staging",
      requestId: "abc",
      method: "GET",
      path: "/cluster",
      status: 200,
    });
    expect(lines[0]?.["ms"]).to.be.a("number").within(0, 1000);
    expect(new Date(String(lines[0]?.["time"])).getTime()).to.be.closeTo(Date.now(), 5000);
    expect(lines[0]?.["client"]).to.match(/127\.0\.0\.1|::1/);
    expect(lines[0]).to.not.have.property("aborted");
  });

  it("has the id that the client got", async () => {
    service = await startTestService();
    const { headers } = await service.call("/nothing");
    expect(service.log.at(-1)).to.include({ requestId: headers["x-request-id"], status: 404 });
  });

  it("has no query, and no endless path", async () => {
    const lines = await requestsOf({}, async (it) => {
      await it.call("/cluster?token=secret");
      await it.call(`/${"x".repeat(5000)}`);
    });
    expect(lines[0]).to.include({ path: "/cluster" });
    expect(lines[1]?.["path"]).to.have.length(256);
  });

  it("keeps a path with line breaks and quotes on one line", async () => {
    const lines = await requestsOf({}, async ({ port }) => finishRaw(await open(port), 'GET /"\\n{} HTTP/1.0\r\n\r\n'));
    expect(lines[0]).to.include({ path: '/"\\n{}', status: 404 });
  });

  it("has no probes at info", async () => {
    const probe = async (it: TestService): Promise<unknown> => [await it.call("/healthz"), await it.call("/readyz")];
    expect(await requestsOf({}, probe)).to.deep.equal([]);
  });

  it("has probes at debug", async () => {
    const lines = await requestsOf({ logLevel: "debug" }, (it) => it.call("/readyz"));
    expect(lines).to.have.length(1);
    expect(lines[0]).to.include({ level: "debug", path: "/readyz", status: 200 });
  });

  for (const logLevel of ["warn", "error", "silent"] as const) {
    it(`has no requests at ${logLevel}`, async () => {
      expect(await requestsOf({ logLevel }, (it) => it.call("/cluster"))).to.deep.equal([]);
      expect(service?.log).to.deep.equal([]);
    });
  }

  it("tells the service's life", async () => {
    service = await startTestService();
    await service.drain();
    expect(service.log.map(({ msg }) => msg)).to.deep.equal(["started", "draining", "stopped"]);
    expect(service.log[0]).to.include({ port: service.port, metricsPort: service.metricsPort, node: process.version });
    const { log } = service;
    service = undefined;
    await until(() => log.length === 3);
  });
});
