import { expect } from "chai";
import type { ServiceSettings } from "../../../../../service/src/settings.ts";
import { finishRaw, open } from "../../../../support/raw-socket.ts";
import { type LogLine, startTestService, type TestService } from "../../../../support/test-service.ts";

describe("observe", () => {
  describe("the request id", () => {
    let service: TestService;
    before(async () => (service = await startTestService()));
    after(() => service.drain());

    for (const id of ["abc", "7f9c2ba4-e88f-4277", "a:b/c=d@e.f+g_h", "x".repeat(128)]) {
      it(`the x-request-id ${id.slice(0, 20)} of a client is kept`, async () => {
        expect((await service.call("/", { headers: { "x-request-id": id } })).headers["x-request-id"]).to.equal(id);
      });
    }

    for (const id of ["", "two words", "x".repeat(129), '"quoted"', "<script>"]) {
      it(`the malformed x-request-id ${JSON.stringify(id.slice(0, 20))} of a client is replaced by a new one`, async () => {
        const { headers } = await service.call("/", { headers: { "x-request-id": id } });
        expect(headers["x-request-id"]).to.match(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
      });
    }

    it("two x-request-ids of one request are replaced by a new one", async () => {
      const { headers } = await service.call("/", { headers: { "x-request-id": ["a", "b"] } });
      expect(headers["x-request-id"]).to.have.length(36);
    });

    it("every request without an x-request-id gets one of its own, even if its path is unknown", async () => {
      const [a, b] = [await service.call("/nothing"), await service.call("/nothing")];
      expect(a.headers["x-request-id"]).to.have.length(36).and.not.equal(b.headers["x-request-id"]);
    });
  });

  describe("the request log", () => {
    let service: TestService | undefined;
    afterEach(() => service?.drain());

    /** The log's lines about the requests that `use` makes. */
    async function requestsOf(
      overrides: Partial<ServiceSettings>,
      use: (service: TestService) => Promise<unknown>,
    ): Promise<LogLine[]> {
      service = await startTestService(overrides);
      await use(service);
      return service.log.filter(({ msg }) => msg === "request");
    }

    it("a request is logged in one line", async () => {
      const lines = await requestsOf({}, (started) => started.call("/cluster", { headers: { "x-request-id": "abc" } }));
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
      expect(lines[0]?.ms).to.be.a("number").within(0, 1000);
      expect(new Date(String(lines[0]?.time)).getTime()).to.be.closeTo(Date.now(), 5000);
      expect(lines[0]?.client).to.match(/127\.0\.0\.1|::1/);
      expect(lines[0]).to.not.have.property("aborted");
    });

    it("a request is logged with the id that its client got", async () => {
      service = await startTestService();
      const { headers } = await service.call("/nothing");
      expect(service.log.at(-1)).to.include({ requestId: headers["x-request-id"], status: 404 });
    });

    it("a request's path is logged without its query, and no longer than 256 characters", async () => {
      const lines = await requestsOf({}, async (started) => {
        await started.call("/cluster?token=secret");
        await started.call(`/${"x".repeat(5000)}`);
      });
      expect(lines[0]).to.include({ path: "/cluster" });
      expect(lines[1]?.path).to.have.length(256);
    });

    it("a request's path with quotes and backslashes is logged on one line", async () => {
      const lines = await requestsOf({}, async ({ port }) =>
        finishRaw(await open(port), 'GET /"\\n{} HTTP/1.0\r\n\r\n'),
      );
      expect(lines[0]).to.include({ path: '/"\\n{}', status: 404 });
    });

    it("probes are not logged at the level info", async () => {
      const probe = async (started: TestService): Promise<unknown> => [
        await started.call("/healthz"),
        await started.call("/readyz"),
      ];
      expect(await requestsOf({}, probe)).to.deep.equal([]);
    });

    it("probes are logged at the level debug", async () => {
      const lines = await requestsOf({ logLevel: "debug" }, (started) => started.call("/readyz"));
      expect(lines).to.have.length(1);
      expect(lines[0]).to.include({ level: "debug", path: "/readyz", status: 200 });
    });

    for (const logLevel of ["warn", "error", "silent"] as const) {
      it(`requests are not logged at the level ${logLevel}`, async () => {
        expect(await requestsOf({ logLevel }, (started) => started.call("/cluster"))).to.deep.equal([]);
        expect(service?.log).to.deep.equal([]);
      });
    }
  });
});
