import { expect } from "chai";
import { failureOf } from "../../../support/failure.ts";
import { useOwnCache } from "../../../support/own-cache.ts";
import { bytesNeeded, engineBytesNeeded, refuseFullDisk, roomProblem } from "../../../../toolchain/core/disk-space.ts";

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
    expect(roomProblem(2e9, 1e9, "/cache", "Make room.")).to.equal(
      "The disk of /cache has 1.0 GB free, and about 2.0 GB are needed. Make room.",
    );
    expect(roomProblem(2e9, 2e9, "/cache", "Make room.")).to.equal(undefined);
  });
});

describe("engineBytesNeeded", () => {
  it("pulled images need room for their layers packed and unpacked, made ones for what they are made from", () => {
    expect(engineBytesNeeded([{ name: "kind", doing: "downloading", bytes: 1e9, run }])).to.equal(0);
    expect(engineBytesNeeded([{ name: "registry:3", doing: "pulling", bytes: 20e6, run }])).to.equal(80e6);
    expect(engineBytesNeeded([{ name: "node", doing: "making the image", run }])).to.be.above(1e9);
  });
});

describe("refuseFullDisk", () => {
  useOwnCache();

  it("a step that no disk has room for is refused for the cache's disk or the engine's, each with its remedy", async () => {
    const huge = 1e18;
    const download = { name: "kind", doing: "downloading", bytes: huge, run };
    expect((await failureOf(refuseFullDisk([download])))?.message).to.include("set XDG_CACHE_HOME");
    const pulling = { name: "registry:3", doing: "pulling", bytes: huge, run };
    expect((await failureOf(refuseFullDisk([pulling], "/")))?.message).to.match(
      /disk of \/ has .* docker system prune/,
    );
    await refuseFullDisk([pulling], "/that/is/not/here");
    await refuseFullDisk([pulling]);
  });
});
