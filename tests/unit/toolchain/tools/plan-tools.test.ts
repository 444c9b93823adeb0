import { expect } from "chai";
import { platformOf } from "../../../../toolchain/tools/plan-tools.ts";

describe("platformOf", () => {
  it("platformOf names a platform as downloads name it", () => {
    expect(platformOf({ platform: "linux", arch: "x64" })).to.equal("linux-amd64");
    expect(platformOf({ platform: "darwin", arch: "arm64" })).to.equal("darwin-arm64");
  });

  it("platformOf returns undefined for a platform that nothing is published for", () => {
    expect(platformOf({ platform: "win32", arch: "x64" })).to.equal(undefined);
    expect(platformOf({ platform: "linux", arch: "riscv64" })).to.equal(undefined);
  });
});
