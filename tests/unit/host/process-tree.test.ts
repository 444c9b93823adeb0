import { expect } from "chai";
import { descendantsOf, parsePs, parseStat } from "../../../host/process-tree.ts";

describe("process tree", () => {
  it("descendantsOf finds children and their children, without those that are to stay and theirs", () => {
    const entries = parsePs(
      "    1     0\n   10     1\n   11    10\n   12    11\n   20    10\n   21    20\n   30     1\n",
    );
    expect(descendantsOf(10, entries, new Set([20]))).to.deep.equal([11, 12]);
  });

  it("parseStat reads a program's name with blanks and parentheses", () => {
    const rest = ["S", "7", ...Array.from({ length: 17 }, () => "0"), "4242", "0"].join(" ");
    const facts = { program: "a (b) c", state: "S", parent: 7, startTicks: 4242 };
    expect(parseStat(`99 (a (b) c) ${rest}\n`)).to.deep.equal(facts);
    expect(parseStat("")).to.equal(undefined);
  });
});
