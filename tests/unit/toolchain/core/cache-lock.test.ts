import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { withCacheLock } from "../../../../toolchain/core/cache-lock.ts";
import { useOwnCache } from "../../../support/own-cache.ts";
import { recordingReporter } from "../../../support/recording-reporter.ts";

describe("withCacheLock", () => {
  useOwnCache();

  it("the cache's lock lets one piece of work run at a time, and the next one shows which process it waits for", async () => {
    const order: string[] = [];
    const report = recordingReporter();
    const { promise: inside, resolve: isInside } = Promise.withResolvers<undefined>();
    const first = withCacheLock("building", report, async () => {
      order.push("first in");
      isInside(undefined);
      await sleep(700);
      order.push("first out");
    });
    await inside;
    await withCacheLock("building", report, () => Promise.resolve(order.push("second")));
    await first;
    expect(order).to.deep.equal(["first in", "first out", "second"]);
    expect(report.shown[0]).to.match(/^Waiting for process \d+, which is building/);
  });

  it("the cache's lock is released when the work fails", async () => {
    const report = recordingReporter();
    expect(await withCacheLock("a", report, () => Promise.reject(new Error("no"))).catch(String)).to.equal("Error: no");
    expect(await withCacheLock("b", report, () => Promise.resolve("done"))).to.equal("done");
  });
});
