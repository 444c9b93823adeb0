import { expect } from "chai";
import { allImages, imagesAnywhere } from "../../../../toolchain/images/plan-images.ts";
import { images } from "../../../../versions.ts";

describe("allImages", () => {
  it("only the node image needs root to be made", () => {
    const user = { platform: "linux", arch: "x64", root: false, go: "/go", apt: true } as const;
    const forbidden = allImages().filter((image) => image.obstacle(user) !== undefined);
    expect(forbidden.map(({ name }) => name)).to.deep.equal([images.node]);
  });

  it("what clusters are made of is not needed on clusters that others made", () => {
    const needed = imagesAnywhere().map(({ name }) => name);
    expect(needed).to.have.members([images.serviceBase, images.skipper]);
    expect(allImages().map(({ name }) => name)).to.have.members([...needed, images.node, images.registry]);
  });

  it("every image has a key of its own, which is the same each time", () => {
    const keys = allImages().map(({ key }) => key);
    expect(allImages().map(({ key }) => key)).to.deep.equal(keys);
    expect(new Set(keys).size).to.equal(keys.length);
  });
});
