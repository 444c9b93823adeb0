import { expect } from "chai";
import { lacksSysResource } from "../../../../toolchain/engine/capabilities.ts";

describe("lacksSysResource", () => {
  it("lacksSysResource is true only where the bounding set lacks CAP_SYS_RESOURCE", () => {
    expect(lacksSysResource("CapEff:\t000001ffffffffff\nCapBnd:\t000001fffeffffff\n")).to.equal(true);
    expect(lacksSysResource("CapBnd:\t000001ffffffffff\n")).to.equal(false);
    expect(lacksSysResource("nothing of the kind")).to.equal(false);
  });
});
