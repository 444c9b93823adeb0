import { expect } from "chai";
import {
  isFrom,
  labelsOf,
  type Owner,
  ownerFromFacts,
  ownerFromLabels,
  ownerFromState,
  ownerOf,
} from "../../../../infra/ownership/owner.ts";

const owner: Owner = {
  fleet: "f1",
  project: "identity",
  stack: "staging",
  folder: "/home/a b/fleet, the=first",
  user: "alice",
  machine: "laptop",
  engine: "e1",
};

describe("an owner", () => {
  it("ownerOf returns project/stack, which earlier versions compare", () => {
    expect(ownerOf("identity", "staging")).to.equal("identity/staging");
  });

  it("an owner's labels tell all its facts again, whatever characters they hold", () => {
    expect(ownerFromLabels(labelsOf(owner))).to.deep.equal(owner);
  });

  it("an owner's labels hold the one that earlier versions compare", () => {
    expect(labelsOf(owner)["kind-fleet.owner"]).to.equal("identity/staging");
  });

  it("the marks of earlier versions tell project and stack, and no fleet", () => {
    const former = { project: "identity", stack: "staging" };
    expect(ownerFromFacts({ owner: "identity/staging", spec: {} })).to.deep.equal(former);
    expect(ownerFromLabels({ "kind-fleet.owner": "identity/staging", "kind-fleet.fleet": "" })).to.deep.equal(former);
  });

  it("what carries none of our marks has no owner", () => {
    expect(ownerFromLabels({ "com.docker.compose.project": "x" })).to.equal(undefined);
    expect(ownerFromFacts({ owner: 7 })).to.equal(undefined);
  });

  it("an owner in a state of an earlier version names no fleet", () => {
    expect(ownerFromState("identity/staging")).to.include({ fleet: "", project: "identity", stack: "staging" });
    expect(ownerFromState(owner)).to.equal(owner);
  });

  it("a mark is from a place only if folder, user and machine are the same", () => {
    expect(isFrom(owner, owner)).to.equal(true);
    for (const other of [{ folder: "/other" }, { user: "bob" }, { machine: "desktop" }]) {
      expect(isFrom({ ...owner, ...other }, owner)).to.equal(false);
    }
  });
});
