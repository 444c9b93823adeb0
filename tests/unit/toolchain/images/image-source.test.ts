import { expect } from "chai";
import { chooseImageSource } from "../../../../toolchain/images/image-source.ts";

describe("chooseImageSource", () => {
  it("an image whose registry can be reached comes from there, even if it could be made here", () => {
    expect(chooseImageSource(true, undefined)).to.deep.equal({ from: "registry" });
    expect(chooseImageSource(true, "no")).to.deep.equal({ from: "registry" });
  });

  it("an image whose registry can't be reached is made here, unless there is an obstacle", () => {
    expect(chooseImageSource(false, undefined)).to.deep.equal({ from: "here" });
    expect(chooseImageSource(false, "no apt")).to.deep.equal({ from: "nowhere", why: "no apt" });
  });
});
