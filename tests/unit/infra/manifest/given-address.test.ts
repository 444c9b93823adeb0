import { expect } from "chai";
import { firstAddressOf } from "../../../../infra/manifest/given-address.ts";

describe("firstAddressOf", () => {
  it("a name goes before an address, and a status may have neither", () => {
    expect(firstAddressOf({ loadBalancer: { ingress: [{ ip: "192.0.2.7", hostname: "lb.example.com" }] } })).to.equal(
      "lb.example.com",
    );
    expect(firstAddressOf({ loadBalancer: { ingress: [{ ip: "192.0.2.7" }] } })).to.equal("192.0.2.7");
    for (const status of [undefined, {}, { loadBalancer: {} }]) expect(firstAddressOf(status)).to.equal(undefined);
  });
});
