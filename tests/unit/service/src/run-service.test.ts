import { expect } from "chai";
import { sendRaw } from "../../../support/raw-socket.ts";
import { call, startTestService } from "../../../support/test-service.ts";

describe("startService", () => {
  it("the service serves its metrics on the second port only", async () => {
    const { port, metricsPort, drain } = await startTestService();
    try {
      expect((await call(port, "/metrics")).status).to.equal(404);
      expect((await call(metricsPort, "/metrics")).status).to.equal(200);
      expect((await call(metricsPort, "/cluster")).status).to.equal(404);
    } finally {
      await drain();
    }
  });

  it("bytes that are not a request are logged as refused", async () => {
    const { log, port, drain } = await startTestService();
    try {
      await sendRaw(port, "garbage\r\n\r\n");
      expect(log.at(-1)).to.include({ msg: "refused", status: 400, level: "info" });
    } finally {
      await drain();
    }
  });

  it("bytes that are not a request are counted in http_requests_total", async () => {
    const { port, metricsPort, drain } = await startTestService();
    try {
      await sendRaw(port, "garbage\r\n\r\n");
      const { body } = await call(metricsPort, "/metrics");
      expect(body.split("\n").filter((line) => line.startsWith("http_requests_total{"))).to.deep.equal([
        'http_requests_total{method="none",route="unknown",status="400"} 1',
      ]);
    } finally {
      await drain();
    }
  });

  it("the service logs its start, the beginning of its drain, and its end", async () => {
    const { log, port, metricsPort, drain } = await startTestService();
    await drain();
    expect(log.map(({ msg }) => msg)).to.deep.equal(["started", "draining", "stopped"]);
    expect(log[0]).to.include({ port, metricsPort, node: process.version });
  });
});
