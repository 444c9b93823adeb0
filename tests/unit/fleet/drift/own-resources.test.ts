import { expect } from "chai";
import { containersAreAsRecorded } from "../../../../fleet/drift/own-resources.ts";

describe("containersAreAsRecorded", () => {
  const resource = (type: string, more: object = {}) => ({
    urn: `urn::${type}`,
    type,
    inputs: {},
    outputs: {},
    ...more,
  });

  it("containersAreAsRecorded leaves Kubernetes objects and what is in the state alone to others", async () => {
    const types = ["kubernetes:apps/v1:Deployment", "pulumi:pulumi:Stack", "pulumi-nodejs:dynamic/kind:Owner"];
    expect(await containersAreAsRecorded(types.map((type) => resource(type)))).to.equal(true);
  });

  it("containersAreAsRecorded is false for a resource that it can't ask about, but not for one that waits to be deleted", async () => {
    expect(await containersAreAsRecorded([resource("random:index:Password")])).to.equal(false);
    expect(await containersAreAsRecorded([resource("random:index:Password", { delete: true })])).to.equal(true);
  });

  it("containersAreAsRecorded is false where a provider would change something, or can't tell", async () => {
    const cluster = { name: "none", httpPort: 1, workers: 0, image: "i", registry: { host: "h", endpoint: "e" } };
    const inputs = {
      ...cluster,
      owner: { fleet: "f", project: "p", stack: "s", folder: "/", user: "u", machine: "m" },
    };
    const changed = resource("pulumi-nodejs:dynamic/kind:Cluster", { inputs, outputs: { ...inputs, httpPort: 2 } });
    expect(await containersAreAsRecorded([changed])).to.equal(false);
    expect(await containersAreAsRecorded([resource("pulumi-nodejs:dynamic/kind:Cluster")])).to.equal(false);
  });
});
