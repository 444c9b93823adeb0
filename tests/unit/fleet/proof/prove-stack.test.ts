import { expect } from "chai";
import { parseStackConfig } from "../../../../config/stack-config.ts";
import { proofSeconds } from "../../../../fleet/proof/prove-stack.ts";

describe("proofSeconds", () => {
  const service = (change: object) =>
    parseStackConfig(
      { cluster: { name: "c", httpPort: 80 }, services: [{ name: "web", namespace: "shop", ...change }] },
      { stack: "shop", project: "identity" },
    ).services[0];

  it("a service may take as long as its roll-out to answer, and never less than a minute", () => {
    expect(proofSeconds(service({ progressDeadlineSeconds: 600 }))).to.equal(600);
    expect(proofSeconds(service({ progressDeadlineSeconds: 20 }))).to.equal(60);
    expect(proofSeconds(service({}))).to.equal(60);
    expect(proofSeconds(undefined)).to.equal(60);
  });
});
