import { expect } from "chai";
import { containersAreAsRecorded as areAsRecorded } from "../../../../fleet/drift/own-resources.ts";
import type { Survey } from "../../../../fleet/state/finding.ts";
import type { StateResource } from "../../../../fleet/state/read-resources.ts";

describe("containersAreAsRecorded", () => {
  const resource = (type: string, more: object = {}) => ({
    urn: `urn::${type}`,
    type,
    inputs: {},
    outputs: {},
    ...more,
  });

  const node = { id: "c1", name: "one-control-plane", state: "running", since: "" };
  const owner = { fleet: "f", project: "p", stack: "s", folder: "/", user: "u", machine: "m" };
  const spec = { name: "one", httpPort: 1, workers: 0, image: "i" };
  const standing = { name: "one", nodes: [node], mark: { owner, spec }, creation: undefined };
  const survey = (more: object = {}): Survey => ({
    engine: undefined,
    clusters: new Map([["one", { ...standing, ...more }]]),
    registries: new Map(),
  });
  const inputs = { ...spec, registry: { host: "h", endpoint: "e" }, owner };
  const recorded = (more: object = {}) =>
    resource("pulumi-nodejs:dynamic/kind:Cluster", { inputs, outputs: { ...inputs, incarnation: "c1", ...more } });
  const containersAreAsRecorded = (resources: StateResource[], on = survey()) => areAsRecorded(resources, on);

  it("containersAreAsRecorded leaves Kubernetes objects and what is in the state alone to others", async () => {
    const types = ["kubernetes:apps/v1:Deployment", "pulumi:pulumi:Stack", "pulumi-nodejs:dynamic/kind:Owner"];
    expect(await containersAreAsRecorded(types.map((type) => resource(type)))).to.equal(true);
  });

  it("containersAreAsRecorded is false for a resource that it can't ask about, but not for one that waits to be deleted", async () => {
    expect(await containersAreAsRecorded([resource("random:index:Password")])).to.equal(false);
    expect(await containersAreAsRecorded([resource("random:index:Password", { delete: true })])).to.equal(true);
  });

  it("containersAreAsRecorded is true for a cluster that stands and runs as the state has it", async () => {
    expect(await containersAreAsRecorded([recorded()])).to.equal(true);
  });

  it("containersAreAsRecorded is false where a provider would change something, or can't tell", async () => {
    expect(await containersAreAsRecorded([recorded({ httpPort: 2 })])).to.equal(false);
    expect(await containersAreAsRecorded([recorded({ incarnation: "c0" })])).to.equal(false);
    expect(await containersAreAsRecorded([recorded()], survey({ nodes: [{ ...node, state: "paused" }] }))).to.equal(
      false,
    );
    expect(await containersAreAsRecorded([recorded()], survey({ nodes: [], mark: undefined }))).to.equal(false);
    expect(await containersAreAsRecorded([resource("pulumi-nodejs:dynamic/kind:Cluster")])).to.equal(false);
  });

  it("containersAreAsRecorded is false for a mark that says something else, and a registry that is gone", async () => {
    const marked = { cluster: "one", incarnation: "c1", owner };
    const mark = (said: object) =>
      resource("pulumi-nodejs:dynamic/kind:Mark", { inputs: { ...marked, ...said }, outputs: marked });
    expect(await containersAreAsRecorded([mark({})])).to.equal(true);
    expect(await containersAreAsRecorded([mark({ owner: { ...owner, folder: "/moved" } })])).to.equal(false);
    const registry = { name: "r", cluster: "one", image: "i", port: 1, network: "n", images: [], owner };
    const gone = resource("pulumi-nodejs:dynamic/kind:Registry", { inputs: registry, outputs: registry });
    expect(await containersAreAsRecorded([gone])).to.equal(false);
  });
});
