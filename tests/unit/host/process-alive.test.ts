import { spawnSync } from "node:child_process";
import { expect } from "chai";
import { isRunning } from "../../../host/process-alive.ts";

describe("isRunning", () => {
  it("isRunning is true for this process, and for one that may belong to another user", () => {
    expect(isRunning(process.pid)).to.equal(true);
    expect(isRunning(1)).to.equal(true);
  });

  it("isRunning is false for a process that has ended", () => {
    const { pid } = spawnSync(process.execPath, ["--version"]);
    expect(isRunning(pid)).to.equal(false);
  });
});
