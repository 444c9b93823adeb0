import { expect } from "chai";
import { clock, progressLine } from "../../../toolchain/core/progress.ts";
import { reportTo } from "../../../toolchain/core/reporter.ts";

const building = { index: 3, total: 12, name: "kube-apiserver", doing: "building", elapsedSeconds: 80 };

describe("a line of progress", () => {
  it("says which of how many, what, for how long, and how long it took last time", () => {
    const line = progressLine({ ...building, lastSeconds: 432, knownSeconds: 78 });
    expect(line).to.equal("[3/12] kube-apiserver: building… 1:20 (took 7:12 last time)");
  });

  it("says what is known where it never ran here", () => {
    expect(progressLine({ ...building, knownSeconds: 78 })).to.match(/\(takes about 1:18 on two cores\)$/);
  });

  it("promises nothing where nothing is known", () => {
    expect(progressLine(building)).to.equal("[3/12] kube-apiserver: building… 1:20");
  });

  it("writes time as a clock does", () => {
    expect([0, 59.6, 3600].map(clock)).to.deep.equal(["0:00", "1:00", "60:00"]);
  });
});

function screen(isTTY: boolean) {
  const written: string[] = [];
  return { written, isTTY, columns: 20, write: (text: string) => written.push(text) };
}

describe("the report", () => {
  it("updates in place on a terminal, within its width", () => {
    const terminal = screen(true);
    const report = reportTo(terminal);
    report.show("x".repeat(50), "a");
    report.say("done");
    expect(terminal.written).to.deep.equal([`\r\u001b[2K${"x".repeat(19)}`, "\r\u001b[2Kdone\n"]);
  });

  it("writes a line at each new subject elsewhere, and then every half minute", () => {
    const file = screen(false);
    let time = 0;
    const report = reportTo(file, () => time);
    for (time = 0; time <= 65_000; time += 1000) report.show(`a ${time}`, "a");
    report.show("b", "b");
    expect(file.written).to.deep.equal(["a 0\n", "a 30000\n", "a 60000\n", "b\n"]);
  });
});
