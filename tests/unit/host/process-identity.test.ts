import { expect } from "chai";
import { execa } from "execa";
import { identifyProcess, stillRuns } from "../../../host/process-identity.ts";

describe("the identity of a process", () => {
  it("this process still runs", async () => {
    const self = await identifyProcess();
    expect(self?.pid).to.equal(process.pid);
    expect(await stillRuns(self!)).to.equal(true);
  });

  it("a process that has ended does not run, nor one whose number another process has now", async () => {
    const child = execa("sleep", ["60"], { reject: false });
    const identity = (await identifyProcess(child.pid))!;
    expect(await stillRuns(identity)).to.equal(true);
    child.kill("SIGKILL");
    await child;
    expect(await stillRuns(identity)).to.equal(false);
    expect(await identifyProcess(child.pid)).to.equal(undefined);
    expect(await stillRuns({ ...(await identifyProcess())!, start: "earlier" })).to.equal(false);
  });

  it("whether a process of another machine, boot or container runs can't be told", async () => {
    expect(await stillRuns({ ...(await identifyProcess())!, realm: "elsewhere" })).to.equal(undefined);
  });
});
