import { expect } from "chai";
import { bytesNeeded, roomProblem } from "../../../../toolchain/core/disk-space.ts";

const run = () => Promise.resolve();

describe("bytesNeeded", () => {
  it("downloads need room for the archive and its content, and building for all that compilers keep", () => {
    expect(bytesNeeded([])).to.equal(0);
    const download = { name: "kind", doing: "downloading", bytes: 1e6, run };
    expect(bytesNeeded([download, download])).to.equal(8e6);
    expect(bytesNeeded([download, { name: "pulumi", doing: "building", run }])).to.be.above(10e9);
  });

  it("images lie on the engine's disk", () => {
    expect(bytesNeeded([{ name: "registry:3", doing: "pulling", bytes: 20e6, run }])).to.equal(0);
  });
});

describe("roomProblem", () => {
  it("a disk with too little room is named, with what it has and what is needed", () => {
    expect(roomProblem(2e9, 1e9, "/cache")).to.include("/cache has 1.0 GB free, and about 2.0 GB are needed");
    expect(roomProblem(2e9, 2e9, "/cache")).to.equal(undefined);
  });
});
