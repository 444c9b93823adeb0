import { expect } from "chai";
import { clock, progressLine } from "../../../../toolchain/core/progress.ts";

const building = { index: 3, total: 12, name: "kube-apiserver", doing: "building", elapsedSeconds: 80 };

describe("progressLine", () => {
  it("a line of progress has the step's number, name and time, and how long it took last time", () => {
    const line = progressLine({ ...building, lastSeconds: 432, knownSeconds: 78 });
    expect(line).to.equal("[3/12] kube-apiserver: building… 1:20 (took 7:12 last time)");
  });

  it("a line of progress has the known time of a step that never ran on this machine", () => {
    expect(progressLine({ ...building, knownSeconds: 78 })).to.match(/\(takes about 1:18 on two cores\)$/);
  });

  it("a line of progress has no estimate for a step whose time is not known", () => {
    expect(progressLine(building)).to.equal("[3/12] kube-apiserver: building… 1:20");
  });
});

describe("clock", () => {
  it("clock writes a duration as minutes and seconds", () => {
    expect([0, 59.6, 3600].map(clock)).to.deep.equal(["0:00", "1:00", "60:00"]);
  });
});
