import { expect } from "chai";
import { ipFamilyProblem } from "../../../../infra/existing/cluster-facts.ts";

describe("ipFamilyProblem", () => {
  const v4 = { apiAddress: "10.96.0.1" };
  const v6 = { apiAddress: "fd00:10:96::1" };

  it("a cluster has the addresses that are written, or may have both", () => {
    expect(ipFamilyProblem(v4)).to.equal(undefined);
    expect(ipFamilyProblem(v4, "dual")).to.equal(undefined);
    expect(ipFamilyProblem(v6, "dual")).to.equal(undefined);
    expect(ipFamilyProblem(v6, "ipv6")).to.equal(undefined);
  });

  it("one that has others is told, with what to write", () => {
    expect(ipFamilyProblem(v6)).to.contain('addresses such as fd00:10:96::1: write "ipFamily: ipv6", or "dual"');
    expect(ipFamilyProblem(v4, "ipv6")).to.contain('write "ipFamily: ipv4"');
  });

  it("one that does not tell is taken to be as written", () => {
    expect(ipFamilyProblem({}, "ipv6")).to.equal(undefined);
  });
});
