import { expect } from "chai";
import { defaultParallel } from "../../../../fleet/setup/parallel.ts";

describe("defaultParallel", () => {
  const gibibytes = (count: number) => count * 2 ** 30;

  it("defaultParallel is the number of cores, two at least, and no more than memory allows, but one", () => {
    expect(defaultParallel(8, gibibytes(32))).to.equal(8);
    expect(defaultParallel(1, gibibytes(32))).to.equal(2);
    expect(defaultParallel(8, gibibytes(4))).to.equal(2);
    expect(defaultParallel(8, gibibytes(0.5))).to.equal(1);
  });
});
