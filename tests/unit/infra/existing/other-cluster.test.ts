import { expect } from "chai";
import { otherClusterRefusal } from "../../../../infra/existing/other-cluster.ts";
import { diff } from "../../../../infra/existing/provider.ts";
import { failureOf } from "../../../support/failure.ts";

const was = { context: "prod", server: "https://a.example.com", uid: "1", stack: "eu" };

describe("otherClusterRefusal", () => {
  it("the same cluster is the same whatever leads to it", () => {
    expect(otherClusterRefusal(was, { context: "new", server: "https://b.example.com", uid: "1" })).to.equal(undefined);
  });

  it("another cluster behind the same context is refused, with both, and what to do", () => {
    const refusal = otherClusterRefusal(was, { ...was, server: "https://b.example.com", uid: "2" });
    for (const text of ["https://a.example.com", "https://b.example.com", "npm run down -- eu --forget"]) {
      expect(refusal).to.contain(text);
    }
  });
});

describe("the memory of a cluster", () => {
  it("another cluster stops Pulumi, and another way to the same one is remembered", async () => {
    expect((await failureOf(diff("1", was, { ...was, uid: "2" })))?.message).to.contain("leads to another cluster");
    expect((await diff("1", was, { ...was, server: "https://b.example.com" })).changes).to.equal(true);
    expect((await diff("1", was, was)).changes).to.equal(false);
  });
});
