import { expect } from "chai";
import { parseStackConfig } from "../../../../config/stack-config.ts";
import { identityAt } from "../../../../fleet/proof/expected-identity.ts";

describe("identityAt", () => {
  it("identityAt returns the identity of the service that a stack's ingress serves at /", () => {
    const services = [
      { name: "a", namespace: "n" },
      { name: "b", namespace: "n", applicationName: "bee", ingress: true },
    ];
    const raw = { cluster: { name: "c", httpPort: 80 }, services };
    const configs = new Map([["east", parseStackConfig(raw, { stack: "east", project: "identity" })]]);
    expect(identityAt({ configs }, "east")).to.deep.equal({ name: "bee", cluster: "east" });
    expect(identityAt({ configs }, "west")).to.equal(undefined);
  });
});
