import { expect } from "chai";
import { programKey } from "../../../../toolchain/go/go-program.ts";
import { programs } from "../../../../toolchain/go/programs.ts";

describe("programKey", () => {
  it("every Go program has a key of its own, which changes with its version", () => {
    const all = Object.values(programs);
    expect(new Set(all.map(programKey)).size).to.equal(all.length);
    expect(programKey({ ...programs.kind, version: "0.0.1" })).to.not.equal(programKey(programs.kind));
  });
});
