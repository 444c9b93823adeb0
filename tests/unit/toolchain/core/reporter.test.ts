import { expect } from "chai";
import { reportTo } from "../../../../toolchain/core/reporter.ts";

function screen(isTTY: boolean) {
  const written: string[] = [];
  return { written, isTTY, columns: 20, write: (text: string) => written.push(text) };
}

describe("reportTo", () => {
  it("a reporter on a terminal replaces the status in place, and cuts it to the terminal's width", () => {
    const terminal = screen(true);
    const report = reportTo(terminal);
    report.show("x".repeat(50), "a");
    report.say("done");
    expect(terminal.written).to.deep.equal([`\r\u001b[2K${"x".repeat(19)}`, "\r\u001b[2Kdone\n"]);
  });

  it("a reporter to a file writes a line for each new subject, and then one every half minute", () => {
    const file = screen(false);
    let time = 0;
    const report = reportTo(file, () => time);
    for (time = 0; time <= 65_000; time += 1000) report.show(`a ${time}`, "a");
    report.show("b", "b");
    expect(file.written).to.deep.equal(["a 0\n", "a 30000\n", "a 60000\n", "b\n"]);
  });
});
