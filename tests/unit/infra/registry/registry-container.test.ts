import { expect } from "chai";
import { claimOfRegistry, type StandingRegistry } from "../../../../infra/registry/registry-container.ts";
import { testOwner } from "../../../support/test-owner.ts";

const standing: StandingRegistry = {
  id: "c1",
  running: true,
  since: "2026-11-26T15:06:36Z",
  owner: testOwner("staging", { fleet: "f1" }),
  image: "registry:2.8.2",
  port: "5081",
  images: ["identity"],
};
const former = { ...standing, owner: { project: "identity", stack: "staging" } };

describe("claimOfRegistry", () => {
  it("a registry is ours by the fleet's id, whatever container the state knows", () => {
    expect(claimOfRegistry(standing, { fleet: "f1", container: "c9" })).to.deep.equal({ by: "us" });
    expect(claimOfRegistry(standing, { fleet: "f2", container: "c1" })).to.include({ by: "others" });
  });

  it("an earlier version's registry is ours only if the state knows its very container", () => {
    expect(claimOfRegistry(former, { fleet: "f1", container: "c1" })).to.deep.equal({ by: "us" });
    expect(claimOfRegistry(former, { fleet: "f1" })).to.include({ by: "others" });
  });

  it("a container without our labels is a stranger's, and none is nobody's", () => {
    expect(claimOfRegistry({ ...standing, owner: undefined }, { container: "c1" })).to.deep.equal({ by: "strangers" });
    expect(claimOfRegistry(null, {})).to.deep.equal({ by: "nobody" });
  });
});
