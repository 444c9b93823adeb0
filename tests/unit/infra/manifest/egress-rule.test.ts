import { expect } from "chai";
import { egressRule } from "../../../../infra/manifest/egress-rule.ts";

describe("egressRule", () => {
  it("an address is a block of one, and a port limits the rule to it", () => {
    expect(egressRule({ to: "203.0.113.7", port: 5432, protocol: "TCP" })).to.deep.equal({
      to: [{ ipBlock: { cidr: "203.0.113.7/32" } }],
      ports: [{ protocol: "TCP", port: 5432 }],
    });
    expect(egressRule({ to: "2001:db8::1", protocol: "TCP" }).to).to.deep.equal([
      { ipBlock: { cidr: "2001:db8::1/128" } },
    ]);
    expect(egressRule({ to: "10.0.0.0/8", protocol: "TCP" }).to).to.deep.equal([{ ipBlock: { cidr: "10.0.0.0/8" } }]);
  });

  it("the internet is without private addresses and the cloud's own, and any is without limits", () => {
    const text = JSON.stringify(egressRule({ to: "internet", protocol: "TCP" }));
    expect(text).to.contain("0.0.0.0/0").and.to.contain("169.254.0.0/16").and.to.contain("10.0.0.0/8");
    expect(egressRule({ to: "any", protocol: "TCP" }).to).to.equal(undefined);
  });
});
