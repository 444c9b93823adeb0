import { expect } from "chai";
import { compareVersions, newestVersion } from "../../../../toolchain/outdated/newest-version.ts";

describe("newestVersion", () => {
  const versions = ["v1.36.4", "v1.36.10", "v1.37.1", "v1.38.0-rc.1", "v2.0.0", "v1.9.0"];

  it("the newest version is found by its numbers, not by its letters, and previews don't count", () => {
    expect(newestVersion(versions, "1.36.4", "major")).to.equal("1.37.1");
    expect(newestVersion(versions, "1.36.4", "any")).to.equal("2.0.0");
  });

  it("the newest version may be asked for within the pinned minor version", () => {
    expect(newestVersion(versions, "1.36.4", "minor")).to.equal("1.36.10");
    expect(newestVersion(versions, "1.35.0", "minor")).to.equal(undefined);
    expect(newestVersion([], "1.36.4", "any")).to.equal(undefined);
  });
});

describe("compareVersions", () => {
  it("compareVersions puts the older version first", () => {
    expect(["1.10.0", "1.9.9", "1.9.10"].sort(compareVersions)).to.deep.equal(["1.9.9", "1.9.10", "1.10.0"]);
    expect(compareVersions("1.0.0", "1.0.0")).to.equal(0);
  });
});
