import { expect } from "chai";
import * as fc from "fast-check";
import { sendRaw } from "../../support/raw-socket.ts";
import { type ServiceProcess, call, spawnService } from "../../support/test-service.ts";
import { oddRequests } from "../../support/odd-requests.ts";

const RUNS = 400;

describe("the service under odd and malformed requests", function () {
  this.timeout(60_000);
  let running: ServiceProcess;
  let port: number;
  before(async () => {
    running = spawnService({ DRAIN_DELAY: "0", DRAIN_TIMEOUT: "0.5" });
    port = Number((await running.logged("started"))["port"]);
  });
  after(() => running.child.kill("SIGKILL"));

  it(`answers ${RUNS} of them without a 5xx, and closes every connection`, async () => {
    await fc.assert(
      fc.asyncProperty(oddRequests, async (bytes) => {
        const answer = await sendRaw(port, Buffer.from(bytes, "latin1"));
        expect(answer)
          .to.match(/^(HTTP\/1\.1 |$)/)
          .and.not.match(/^HTTP\/1\.\d 5/m);
      }),
      { numRuns: RUNS },
    );
  });

  it("is as well as before", async () => {
    expect(await call(port, "/cluster")).to.include({ status: 200, body: "This is service1 in cluster cluster1" });
    running.child.kill("SIGTERM");
    expect(await running.ended).to.deep.equal({ status: 0, signal: null, stderr: "" });
    expect(running.log.filter(({ level }) => level === "error" || level === "fatal")).to.deep.equal([]);
  });
});
