import { expect } from "chai";
import { layersIn } from "../../../../toolchain/images/pull-image.ts";

describe("layersIn", () => {
  it("layersIn counts what docker pull prints where there is no terminal", () => {
    const output = [
      "v1.36.4: Pulling from kindest/node",
      "6b59a28fa201: Already exists",
      "a4d5c81dc9d4: Pulling fs layer",
      "0f0ae8b02e79: Pulling fs layer",
      "a4d5c81dc9d4: Verifying Checksum",
      "a4d5c81dc9d4: Download complete",
      "a4d5c81dc9d4: Pull complete",
    ].join("\n");
    expect(layersIn(output)).to.equal("2 of 3 layers");
  });
});
