import { expect } from "chai";
import { pins } from "../../../../toolchain/outdated/pins.ts";
import { versions } from "../../../../versions.ts";

describe("pins", () => {
  it("every pinned version can be asked about, or has a reason why not", () => {
    const chosenByOthers = ["etcd", "coredns", "pause"];
    // Ranges and names, not releases.
    const notReleases = ["go", "node", "debian"];
    const known = [...pins.map(({ name }) => name), ...chosenByOthers, ...notReleases];
    expect(known.sort()).to.deep.equal(Object.keys(versions).sort());
  });
});
