import { expect } from "chai";
import { ownName } from "../../../../infra/existing/make-existing-cluster.ts";

describe("ownName", () => {
  it("a stack's name in the whole cluster is a label, and another stack's is another", () => {
    expect(ownName("identity", "prod-eu")).to.match(/^identity-prod-eu-[0-9a-f]{6}$/);
    expect(ownName("identity", "Prod.EU")).not.to.equal(ownName("identity", "prod-eu"));
    expect(ownName("a".repeat(60), "b")).to.have.length.of.at.most(63);
  });
});
