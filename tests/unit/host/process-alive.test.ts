import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { expect } from "chai";
import { factsFromPs, isRunning, processFacts } from "../../../host/process-alive.ts";
import { waitFor } from "../../../host/wait.ts";

describe("isRunning", () => {
  it("isRunning is true for this process, and for one that may belong to another user", () => {
    expect(isRunning(process.pid)).to.equal(true);
    expect(isRunning(1)).to.equal(true);
  });

  it("isRunning is false for a process that has ended", () => {
    const { pid } = spawnSync(process.execPath, ["--version"]);
    expect(isRunning(pid)).to.equal(false);
  });

  it("isRunning is false for one that has ended and whose parent has not asked for its status", async () => {
    // sleep never asks for the status of the child that its shell had.
    const parent = spawn("sh", ["-c", "sleep 0.3 & echo $!; exec sleep 30"]);
    const [pid] = (await once(parent.stdout, "data")) as [Buffer];
    await waitFor("the child's end", 5, () => expect(isRunning(Number(pid.toString()))).to.equal(false));
    expect(processFacts(Number(pid.toString()))).not.to.equal(undefined);
    parent.kill();
  });
});

describe("processFacts", () => {
  it("processFacts knows the program and the start of a process that runs", () => {
    const facts = processFacts(process.pid)!;
    expect(facts.program).to.match(/node|mocha|MainThread/i);
    expect(Math.abs(facts.startedAt.getTime() - (Date.now() - process.uptime() * 1000))).to.be.lessThan(3000);
    expect(processFacts(2 ** 22 + 1)).to.equal(undefined);
  });

  it("factsFromPs reads what ps of macOS prints", () => {
    expect(factsFromPs("Thu Nov 26 15:07:12 2026     /usr/local/bin/pulumi\n")).to.deep.equal({
      program: "pulumi",
      startedAt: new Date("Thu Nov 26 15:07:12 2026"),
    });
    expect(factsFromPs("")).to.equal(undefined);
  });
});
