import { expect } from "chai";
import { parseIdentity } from "../../../../service/src/identity.ts";

describe("parseIdentity", () => {
  it("parseIdentity reads the name and the cluster from an answer, and nothing from other text", () => {
    expect(parseIdentity("This is a b in cluster c\n")).to.deep.equal({ name: "a b", cluster: "c" });
    expect(parseIdentity("hello")).to.equal(undefined);
  });
});
