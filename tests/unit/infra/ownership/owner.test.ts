import { expect } from "chai";
import { ownerOf, takeDownCommand } from "../../../../infra/ownership/owner.ts";

describe("ownerOf", () => {
  it("ownerOf returns project/stack", () => {
    expect(ownerOf("identity", "staging")).to.equal("identity/staging");
  });
});

describe("takeDownCommand", () => {
  it("takeDownCommand names the owner's stack without its project", () => {
    expect(takeDownCommand(ownerOf("identity", "staging"))).to.equal("npm run down -- staging");
    expect(takeDownCommand("staging")).to.equal("npm run down -- staging");
  });
});
