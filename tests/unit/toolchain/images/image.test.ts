import { expect } from "chai";
import { needsDebian } from "../../../../toolchain/images/image.ts";

const debian = { platform: "linux", arch: "x64", root: true, go: "/go", apt: true } as const;

describe("needsDebian", () => {
  it("images can be made only on Debian for amd64", () => {
    expect(needsDebian(debian)).to.equal(undefined);
    expect(needsDebian({ ...debian, arch: "arm64" })).to.include("amd64");
    expect(needsDebian({ ...debian, apt: false })).to.include("Debian");
    expect(needsDebian({ ...debian, platform: "darwin" })).to.include("Debian");
  });
});
