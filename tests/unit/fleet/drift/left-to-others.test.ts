import { expect } from "chai";
import { byKey, compareObjects, type LiveObject } from "../../../../fleet/drift/compare.ts";
import { leftToOthers } from "../../../../fleet/drift/left-to-others.ts";
import { deployment } from "./objects.ts";

const service = { namespace: "test-namespace", name: "identity", applicationName: "a", applicationCluster: "b" };
const scaled = { ...deployment.outputs, spec: { ...(deployment.outputs.spec as object), replicas: 7 } };
const live = byKey([scaled as unknown as LiveObject]);

const driftWith = (replicas: number | "autoscaled", namespace = service.namespace) =>
  compareObjects([deployment], live, leftToOthers({ services: [{ ...service, namespace, replicas }] }));

describe("leftToOthers", () => {
  it("the pods' number of an autoscaled service is no drift", () => {
    expect(driftWith("autoscaled")).to.deep.equal([]);
  });

  it("the pods' number of any other service is", () => {
    expect(driftWith(2)).to.have.length(1);
    expect(driftWith("autoscaled", "another-namespace")).to.have.length(1);
    expect(compareObjects([deployment], live, leftToOthers(undefined))).to.have.length(1);
  });
});
