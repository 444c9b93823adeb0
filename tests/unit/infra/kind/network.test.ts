import { expect } from "chai";
import { uniqueLocalSubnet } from "../../../../infra/kind/network.ts";

describe("uniqueLocalSubnet", () => {
  it("uniqueLocalSubnet returns the subnet that kind itself gives its network", () => {
    expect(uniqueLocalSubnet("kind", 0)).to.equal("fc00:f853:0ccd:e793::/64");
  });

  it("uniqueLocalSubnet returns another one with each attempt", () => {
    const subnets = [0, 1, 2, 3, 4].map((attempt) => uniqueLocalSubnet("kind", attempt));
    expect(new Set(subnets)).to.have.length(5);
  });
});
