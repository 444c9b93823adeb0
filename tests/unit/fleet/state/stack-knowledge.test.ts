import { expect } from "chai";
import type { StackState, StateResource } from "../../../../fleet/state/read-resources.ts";
import { knowledgeIn } from "../../../../fleet/state/stack-knowledge.ts";

const engine = { id: "e1", name: "laptop", address: "unix:///var/run/docker.sock" };
const resource = (type: string, inputs: object = {}, outputs: object = {}): StateResource => ({
  urn: type,
  type,
  inputs: { ...inputs },
  outputs: { ...outputs },
});
const owner = resource("pulumi-nodejs:dynamic/kind:Owner", {}, { fleet: "f1" });
const cluster = resource(
  "pulumi-nodejs:dynamic/kind:Cluster",
  { name: "qa2", image: "i2", engine },
  { name: "qa2", image: "i2", incarnation: "c1", engine: { ...engine, id: "e0" } },
);
const registry = resource("pulumi-nodejs:dynamic/kind:Registry", { name: "r" }, { image: "r2", container: "c2" });
const state = (...resources: StateResource[]): StackState => ({ resources, version: "1", pendingOperations: [] });

describe("knowledgeIn", () => {
  it("knowledgeIn returns fleet, cluster and registry, with the newest that is known of the engine", () => {
    expect(knowledgeIn(state(owner, cluster, registry))).to.deep.equal({
      fleet: "f1",
      cluster: { name: "qa2", image: "i2", incarnation: "c1", engine },
      registry: { name: "r", image: "r2", container: "c2" },
      isEmpty: false,
    });
  });

  it("a state of an earlier version has no fleet, and knows the containers", () => {
    const { fleet, cluster: found } = knowledgeIn(state({ ...cluster, inputs: { name: "qa2" } }));
    expect(fleet).to.equal(undefined);
    expect(found).to.include({ name: "qa2", incarnation: "c1" });
  });

  it("the identity of the cluster is known, whatever made it, and is none of an earlier version's", () => {
    const made = resource("pulumi-nodejs:dynamic/kind:Cluster", { name: "qa2" }, { name: "qa2", uid: "u1" });
    const existing = resource("pulumi-nodejs:dynamic/existing:Cluster", { context: "prod", uid: "u2" });
    expect(knowledgeIn(state(made)).uid).to.equal("u1");
    expect(knowledgeIn(state(existing)).uid).to.equal("u2");
    expect(knowledgeIn(state(cluster))).not.to.have.any.keys("uid");
  });

  it("the memory of a cluster that exists, and of what was claimed there, is in the state alone; a namespace is not", () => {
    const remembered = ["Cluster", "Claim"].map((kind) => resource(`pulumi-nodejs:dynamic/existing:${kind}`));
    expect(knowledgeIn(state(owner, ...remembered)).isEmpty).to.equal(true);
    const namespace = resource("pulumi-nodejs:dynamic/existing:Namespace");
    expect(knowledgeIn(state(owner, ...remembered, namespace)).isEmpty).to.equal(false);
  });

  it("the state of a stack that never made anything is empty", () => {
    expect(knowledgeIn(state()).isEmpty).to.equal(true);
    const refused = [resource("pulumi:pulumi:Stack"), owner, resource("pulumi:providers:docker")];
    expect(knowledgeIn(state(...refused, resource("fleet:index:ServiceImage"))).isEmpty).to.equal(true);
  });

  it("a creation that was cut short is known by its pending operation", () => {
    const pending = { ...cluster, outputs: undefined };
    const found = knowledgeIn({ resources: [owner], version: "1", pendingOperations: [{ resource: pending }] });
    expect(found.isEmpty).to.equal(false);
    expect(found.cluster).to.include({ name: "qa2", incarnation: undefined, engine });
  });

  it("what waits to be deleted after its replacement is not the stack's cluster", () => {
    expect(knowledgeIn(state({ ...cluster, delete: true })).cluster).to.equal(undefined);
  });
});
