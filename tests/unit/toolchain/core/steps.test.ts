import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { runSteps } from "../../../../toolchain/core/steps.ts";
import { ToolchainError } from "../../../../toolchain/core/toolchain-error.ts";
import { useOwnCache } from "../../../support/own-cache.ts";
import { recordingReporter } from "../../../support/recording-reporter.ts";

describe("runSteps", () => {
  useOwnCache();

  it("runSteps shows each step's number, and how long the step took last time", async () => {
    const step = { name: "kind", doing: "building", run: () => sleep(700) };
    await runSteps([step], recordingReporter());
    const report = recordingReporter();
    await runSteps([{ ...step, run: () => Promise.resolve() }], report);
    expect(report.shown[0]).to.equal("[1/1] kind: building… 0:00 (took 0:01 last time)");
    expect(report.said).to.deep.equal(["[1/1] kind: done in 0:00"]);
  });

  it("runSteps names the step that failed, and starts none after it", async () => {
    const failing = { name: "kind", doing: "building", run: () => Promise.reject(new ToolchainError("No space.")) };
    let started = false;
    const next = { name: "next", doing: "building", run: () => Promise.resolve(void (started = true)) };
    const message = await runSteps([failing, next], recordingReporter()).catch(String);
    expect(message).to.equal("ToolchainError: kind: building failed. No space.");
    expect(started).to.equal(false);
  });
});
