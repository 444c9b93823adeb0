import { expect } from "chai";
import { ambiguityOf } from "../../../../fleet/state/workspace.ts";

describe("ambiguityOf", () => {
  it("ambiguityOf names the stack of another organization that may be meant, and how to choose", () => {
    expect(ambiguityOf("staging", ["acme/staging", "acme/other"]))
      .to.contain("acme/staging")
      .and.to.contain("pulumi org set-default acme")
      .and.to.contain("pulumi stack init staging")
      .and.not.to.contain("acme/other");
  });

  it("ambiguityOf returns nothing where no other organization has one of that name", () => {
    expect(ambiguityOf("staging", ["acme/prod", "acme/identity/staging-2"])).to.equal(undefined);
  });
});
