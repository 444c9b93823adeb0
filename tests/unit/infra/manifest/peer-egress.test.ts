import { expect } from "chai";
import { planLink } from "../../../../config/link-plan.ts";
import { peerEgress } from "../../../../infra/manifest/peer-egress.ts";

describe("peerEgress", () => {
  const v4 = { ipBlock: { cidr: "0.0.0.0/0", except: ["169.254.0.0/16"] } };
  const v6 = { ipBlock: { cidr: "::/0", except: ["fe80::/10"] } };
  const target = planLink("http://there");

  it("a name is called at addresses of the families that the cluster has, and at none of one network segment", () => {
    expect(peerEgress(target).to).to.deep.equal([v4]);
    expect(peerEgress(target, "ipv4").to).to.deep.equal([v4]);
    expect(peerEgress(target, "dual").to).to.deep.equal([v4, v6]);
    expect(peerEgress(target, "ipv6").to).to.deep.equal([v6]);
  });

  it("an address is called alone, whatever its family", () => {
    expect(peerEgress(planLink("http://192.0.2.1")).to).to.deep.equal([{ ipBlock: { cidr: "192.0.2.1/32" } }]);
    expect(peerEgress(planLink("http://[2001:db8::7]"), "ipv6").to).to.deep.equal([
      { ipBlock: { cidr: "2001:db8::7/128" } },
    ]);
  });
});
