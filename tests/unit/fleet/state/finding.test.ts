import { expect } from "chai";
import { findingOf, leftoversOf, newerImages, type Survey } from "../../../../fleet/state/finding.ts";
import type { StackKnowledge } from "../../../../fleet/state/stack-knowledge.ts";
import type { StandingCluster } from "../../../../infra/kind/standing-cluster.ts";
import type { StandingRegistry } from "../../../../infra/registry/registry-container.ts";

const us = { project: "identity", stack: "staging", folder: "/a", user: "alice", machine: "laptop" };
const here = { id: "e1", name: "laptop", address: "unix:///var/run/docker.sock" };
const there = { id: "e2", name: "colima", address: "unix:///colima.sock" };
const since = "2026-11-26 15:06:36 +0000 UTC";

const clusterOf = (facts: object = {}, name = "qa2"): StandingCluster => ({
  name,
  nodes: [{ id: "c1", name: `${name}-control-plane`, state: "running", since }],
  mark: { owner: { ...us, fleet: "f1", ...facts }, spec: { name, image: "i", httpPort: 81, workers: 0 } },
  creation: undefined,
});
const registryOf = (fleet: string): StandingRegistry => ({
  id: "c2",
  running: true,
  since,
  owner: { ...us, fleet },
  image: "r",
  port: "5081",
  images: ["identity"],
});
const surveyOf = (clusters: StandingCluster[], registries: Record<string, StandingRegistry> = {}): Survey => ({
  engine: here,
  clusters: new Map(clusters.map((cluster) => [cluster.name, cluster])),
  registries: new Map(Object.entries(registries)),
});
const known: StackKnowledge = {
  fleet: "f1",
  cluster: { name: "qa2", image: "i", incarnation: "c1", engine: here },
  registry: { name: "qa2-registry", image: "r", container: "c2" },
  isEmpty: false,
};
const nothing: StackKnowledge = { isEmpty: true };

describe("findingOf", () => {
  it("a stack whose things stand and are its own is refused nothing", () => {
    const finding = findingOf(us, known, surveyOf([clusterOf()], { "qa2-registry": registryOf("f1") }), ["qa2"]);
    expect(finding.refusals).to.deep.equal([]);
    expect(finding.own).to.deep.equal(['kind cluster "qa2"', 'the container "qa2-registry"']);
  });

  it("a second checkout is refused up and down, with the first one's folder", () => {
    const survey = surveyOf([clusterOf({ folder: "/a" })], { "qa2-registry": registryOf("f1") });
    const finding = findingOf({ ...us, folder: "/b" }, nothing, survey, ["qa2"]);
    expect(finding.own).to.deep.equal([]);
    expect(finding.refusals).to.have.length(1);
    expect(finding.refusals[0]).to.contain("in /a (user alice, machine laptop)");
    expect(finding.refusalsOfDown).to.deep.equal(finding.refusals);
    expect(finding.adoptable).to.deep.equal(finding.refusals);
  });

  it("a registry that another fleet left is refused, too, when its cluster is gone", () => {
    const finding = findingOf(us, nothing, surveyOf([], { "qa2-registry": registryOf("f2") }), ["qa2"]);
    expect(finding.refusalsOfDown[0]).to.contain('the container "qa2-registry"');
  });

  it("a stranger's cluster under our name stops up, and not down", () => {
    const finding = findingOf(us, nothing, surveyOf([{ ...clusterOf(), mark: undefined }]), ["qa2"]);
    expect(finding.refusals).to.have.length(1);
    expect(finding.refusalsOfDown).to.deep.equal([]);
    expect(finding.adoptable).to.deep.equal([]);
  });

  it("a state whose cluster is on another engine is refused, and can't be adopted", () => {
    const onOther = { ...known, cluster: { ...known.cluster!, engine: there } };
    const finding = findingOf(us, onOther, surveyOf([]), ["qa2"]);
    expect(finding.isElsewhere).to.equal(true);
    expect(finding.refusalsOfDown[0]).to.contain("colima (e2)").and.to.contain("--forget");
    expect(finding.adoptable).to.deep.equal([]);
  });

  it("an engine's new id is no matter when our cluster stands on it", () => {
    const onOther = { ...known, cluster: { ...known.cluster!, engine: there } };
    expect(findingOf(us, onOther, surveyOf([clusterOf()]), ["qa2"])).to.deep.include({
      refusals: [],
      isElsewhere: false,
    });
  });

  it("a cluster that was deleted by hand is refused nothing", () => {
    expect(findingOf(us, known, surveyOf([]), ["qa2"]).refusals).to.deep.equal([]);
  });
});

describe("leftoversOf", () => {
  const survey = surveyOf([
    clusterOf({ fleet: "f1" }, "lost"),
    clusterOf({ fleet: "f2" }, "known"),
    clusterOf({ fleet: "f3", folder: "/b" }, "elsewhere"),
    { ...clusterOf({}, "strange"), mark: undefined },
  ]);

  it("leftoversOf finds what was made in this folder by a state that is gone, and nothing else", () => {
    const [leftover, ...rest] = leftoversOf(us, survey, new Set(["f2"]));
    expect(rest).to.deep.equal([]);
    expect(leftover).to.include({ cluster: "lost", stack: "staging" });
    expect(leftover!.message).to.contain("npm run down -- staging --adopt");
  });
});

describe("newerImages", () => {
  const own = ['kind cluster "qa2"', 'the container "qa2-registry"'];
  const standing: StackKnowledge = {
    ...known,
    cluster: { name: "qa2", image: "kindest/node:v1.33.4" },
    registry: { name: "qa2-registry", image: "registry:2.8.2" },
  };
  const newer = { node: "kindest/node:v1.34.2", registry: "registry:2.8.2" };

  it("newerImages says what stays, what there is, what would be lost, and the command", () => {
    expect(newerImages(standing, { own }, newer, "staging")).to.deep.equal([
      'kind cluster "qa2" stays on kindest/node:v1.33.4, and there is kindest/node:v1.34.2. ' +
        "Replacing it deletes everything in it, volumes too: npm run up -- staging --replace",
    ]);
  });

  it("newerImages warns of a kubectl that is too new for the cluster", () => {
    const old = { ...standing, cluster: { name: "qa2", image: "kindest/node:v1.32.0" } };
    expect(newerImages(old, { own }, newer, "staging")[0]).to.contain("one minor version away");
  });

  it("newerImages is silent about what does not stand, or is the newest", () => {
    expect(newerImages(standing, { own: [] }, newer, "staging")).to.deep.equal([]);
    const newest = { ...standing, cluster: { name: "qa2", image: newer.node } };
    expect(newerImages(newest, { own }, newer, "staging")).to.deep.equal([]);
  });
});
