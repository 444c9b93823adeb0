import { expect } from "chai";
import { manifestOf } from "../../../../infra/cluster/object-name.ts";

const deployment = { apiVersion: "apps/v1", kind: "Deployment", namespace: "test-namespace", name: "identity" };
const namespace = { apiVersion: "v1", kind: "Namespace", name: "test-namespace" };

describe("manifestOf", () => {
  it("names become a list of objects with nothing but their names", () => {
    expect(JSON.parse(manifestOf([deployment, namespace]))).to.deep.equal({
      apiVersion: "v1",
      kind: "List",
      items: [
        { apiVersion: "apps/v1", kind: "Deployment", metadata: { namespace: "test-namespace", name: "identity" } },
        { apiVersion: "v1", kind: "Namespace", metadata: { name: "test-namespace" } },
      ],
    });
  });
});
