import { expect } from "chai";
import {
  claimOf,
  type Creation,
  type Mark,
  phaseOf,
  type StandingCluster,
} from "../../../../infra/kind/standing-cluster.ts";

const place = { project: "identity", stack: "staging", folder: "/a", user: "alice", machine: "laptop" };
const spec = { name: "qa2", image: "kindest/node:v1.34.2", httpPort: 81, workers: 0 };
const node = { id: "c1", name: "qa2-control-plane", state: "running", since: "2026-11-26 15:06:36 +0000 UTC" };
const worker = { ...node, id: "c2", name: "qa2-worker" };
const mark = (fleet?: string): Mark => ({ owner: { ...place, fleet }, spec });
const formerMark: Mark = { owner: { project: "identity", stack: "staging" }, spec };
const creation = (fleet: string, runs: boolean): Creation => ({
  owner: { ...place, fleet },
  process: { pid: 4711, start: "1", realm: "r" },
  since: "2026-11-26T15:06:36Z",
  runs,
});
const standing = (facts: Partial<StandingCluster>): StandingCluster => ({
  name: "qa2",
  nodes: [],
  mark: undefined,
  creation: undefined,
  ...facts,
});

describe("phaseOf", () => {
  it("a cluster without nodes is absent", () => {
    expect(phaseOf(standing({}))).to.equal("absent");
  });
  it("a complete cluster is running, or stopped as soon as one node does not run", () => {
    expect(phaseOf(standing({ nodes: [node], mark: mark("f1") }))).to.equal("running");
    expect(phaseOf(standing({ nodes: [{ ...node, state: "paused" }], mark: mark("f1") }))).to.equal("stopped");
  });
  it("a cluster without a mark, without its control plane, or with a node too few is broken", () => {
    expect(phaseOf(standing({ nodes: [node] }))).to.equal("broken");
    expect(phaseOf(standing({ nodes: [worker], mark: mark("f1") }))).to.equal("broken");
    const two = { ...mark("f1"), spec: { ...spec, workers: 1 } };
    expect(phaseOf(standing({ nodes: [node], mark: two }))).to.equal("broken");
  });
});

describe("claimOf", () => {
  const claim = (facts: Partial<StandingCluster>, known: Parameters<typeof claimOf>[1]) =>
    claimOf(standing(facts), known);

  it("what does not stand is nobody's", () => {
    expect(claim({}, { fleet: "f1" })).to.deep.equal({ by: "nobody" });
  });

  it("a cluster is ours by the fleet's id alone: stack, folder, user and machine may have changed", () => {
    const moved = { ...mark("f1"), owner: { ...place, fleet: "f1", stack: "old", folder: "/b", machine: "desktop" } };
    expect(claim({ nodes: [node], mark: moved }, { fleet: "f1" })).to.deep.equal({ by: "us" });
  });

  it("a cluster is another fleet's by its id alone, though project, stack and folder are ours", () => {
    const known = { fleet: "f1", container: "c1" };
    expect(claim({ nodes: [node], mark: mark("f2") }, known)).to.include({ by: "others", since: node.since });
    // A state without an id yet, as in a preview.
    expect(claim({ nodes: [node], mark: mark("f2") }, {})).to.include({ by: "others" });
  });

  it("an earlier version's cluster is ours only if the state knows its very container", () => {
    const nodes = [node];
    expect(claim({ nodes, mark: formerMark }, { fleet: "f1", container: "c1" })).to.deep.equal({ by: "us" });
    expect(claim({ nodes, mark: formerMark }, { fleet: "f1", container: "c9" })).to.include({ by: "others" });
    expect(claim({ nodes, mark: formerMark }, { fleet: "f1" })).to.include({ by: "others" });
  });

  it("a cluster without any mark is a stranger's", () => {
    expect(claim({ nodes: [node] }, { fleet: "f1", container: "c1" })).to.deep.equal({ by: "strangers" });
  });

  it("another fleet's creation under way names its process, with and without a node", () => {
    const expected = { by: "a creation", pid: 4711 };
    expect(claim({ creation: creation("f2", true) }, { fleet: "f1" })).to.include(expected);
    expect(claim({ nodes: [node], creation: creation("f2", true) }, { fleet: "f1" })).to.include(expected);
  });

  it("another fleet's creation that was cut short stays that fleet's", () => {
    const facts = { nodes: [node], creation: creation("f2", false) };
    expect(claim(facts, { fleet: "f1" })).to.include({ by: "others", halfMade: true });
  });

  it("our own creation that was cut short is ours", () => {
    expect(claim({ nodes: [node], creation: creation("f1", false) }, { fleet: "f1" })).to.deep.equal({ by: "us" });
  });

  it("an earlier version's creation is left alone while it may be running, and made anew later", () => {
    const former = { ...creation("", true), owner: undefined, process: undefined };
    expect(claim({ creation: former }, { fleet: "f1" })).to.include({ by: "a creation", pid: undefined });
    expect(claim({ creation: { ...former, runs: false } }, { fleet: "f1" })).to.deep.equal({ by: "us" });
  });
});
