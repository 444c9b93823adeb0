import { expect } from "chai";
import type { Claim } from "../../../../infra/ownership/claim.ts";
import {
  clusterSubject,
  describeOwner,
  otherEngineRefusal,
  refusal,
  registrySubject,
} from "../../../../infra/ownership/refusal.ts";

const us = { project: "identity", stack: "staging", folder: "/a", user: "alice", machine: "laptop" };
const since = "2026-11-26 15:06:36 +0000 UTC";
const others = (owner: object): Claim => ({
  by: "others",
  owner: { ...us, fleet: "f2", ...owner },
  since,
  halfMade: false,
});
const messageFor = (claim: Claim) => refusal(claim, clusterSubject("qa2"), us);

describe("a refusal", () => {
  it("there is none for what is ours, or nobody's", () => {
    expect(messageFor({ by: "us" })).to.equal(undefined);
    expect(messageFor({ by: "nobody" })).to.equal(undefined);
  });

  it("a refusal names the other fleet's folder, user, machine, stack and since when, and both ways out", () => {
    expect(messageFor(others({ folder: "/b", user: "bob", machine: "desktop", stack: "prod" }))).to.equal(
      'kind cluster "qa2" was made by another fleet: stack prod of project identity in /b (user bob, machine desktop), ' +
        "on 2026-11-26 15:06:36. Work on it there, or choose another identity:cluster.name. If that one is gone: " +
        "take it over: npm run up -- staging --adopt. Remove it: npm run down -- staging --adopt",
    );
  });

  it("a refusal in the folder that made it says that the state is gone, with the command that takes it over", () => {
    expect(messageFor(others({})))
      .to.contain("in this folder for stack staging")
      .and.to.contain("state that knew it is gone")
      .and.to.contain("npm run up -- staging --adopt");
  });

  it("a refusal names the other stack of this folder, and how to rename a stack", () => {
    expect(messageFor(others({ stack: "prod" })))
      .to.contain("npm run down -- prod")
      .and.to.contain("pulumi stack rename staging -s prod");
  });

  it("a refusal of an earlier version's cluster says so", () => {
    const owner = { project: "identity", stack: "staging" };
    expect(messageFor({ by: "others", owner, since, halfMade: false }))
      .to.contain("an earlier version of this project for identity/staging")
      .and.to.contain("npm run up -- staging --adopt");
  });

  it("a refusal names the process that is creating the cluster", () => {
    const message = messageFor({ by: "a creation", owner: { ...us, folder: "/b" }, since, pid: 4711 });
    expect(message)
      .to.contain("being created right now by process 4711")
      .and.to.contain("/b")
      .and.not.to.contain("--adopt");
  });

  it("a refusal of a stranger's cluster or container offers no take-over", () => {
    expect(messageFor({ by: "strangers" }))
      .to.contain("kind delete cluster --name qa2")
      .and.to.contain("identity:cluster.name")
      .and.not.to.contain("--adopt");
    expect(refusal({ by: "strangers" }, registrySubject("r"), us)).to.contain("docker rm -f r");
  });

  it("describeOwner leaves out what an earlier version did not write", () => {
    expect(describeOwner({ project: "identity", stack: "prod" })).to.equal("stack prod of project identity");
  });
});

describe("otherEngineRefusal", () => {
  const here = { id: "e1", name: "laptop", address: "unix:///var/run/docker.sock" };
  const there = { id: "e2", name: "colima", address: "unix:///colima.sock" };

  it("otherEngineRefusal names both engines, the way back, and the way out", () => {
    expect(otherEngineRefusal('kind cluster "qa2"', there, here, "staging"))
      .to.contain("colima (e2), last reached at unix:///colima.sock")
      .and.to.contain("laptop (e1)")
      .and.to.contain("DOCKER_HOST=unix:///colima.sock")
      .and.to.contain("npm run down -- staging --forget");
  });

  it("otherEngineRefusal refuses nothing when the engine is the same, or either is not known", () => {
    expect(otherEngineRefusal("x", here, { ...here, address: "tcp://elsewhere" }, "staging")).to.equal(undefined);
    expect(otherEngineRefusal("x", undefined, here, "staging")).to.equal(undefined);
    expect(otherEngineRefusal("x", here, undefined, "staging")).to.equal(undefined);
  });
});
