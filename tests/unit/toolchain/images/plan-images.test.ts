import { expect } from "chai";
import { imagesFor } from "../../../../toolchain/images/plan-images.ts";
import { images } from "../../../../versions.ts";

describe("imagesFor", () => {
  it("only the node image needs root to be made", () => {
    const user = { platform: "linux", arch: "x64", root: false, go: "/go", apt: true } as const;
    const forbidden = imagesFor("clusters").filter((image) => image.obstacle(user) !== undefined);
    expect(forbidden.map(({ name }) => name)).to.deep.equal([images.node]);
  });

  it("for services on clusters that exist, neither nodes nor a registry have images here", () => {
    const names = imagesFor("services").map(({ name }) => name);
    expect(names).to.have.members([images.serviceBase, images.skipper]);
  });

  it("every image has a key of its own, which is the same each time", () => {
    const keys = imagesFor("clusters").map(({ key }) => key);
    expect(imagesFor("clusters").map(({ key }) => key)).to.deep.equal(keys);
    expect(new Set(keys).size).to.equal(keys.length);
  });
});
