import { expect } from "chai";
import { resourceOf } from "../../../../fleet/drift/live-objects.ts";
import { deployment, namespace } from "./objects.ts";

describe("resourceOf", () => {
  it("a kind is named with its API's version and group, which kubectl then does not have to guess", () => {
    expect(resourceOf(deployment)).to.equal("deployment.v1.apps");
    expect(resourceOf({ apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy" })).to.equal(
      "networkpolicy.v1.networking.k8s.io",
    );
  });

  it("the core group has an empty name", () => {
    expect(resourceOf(namespace)).to.equal("namespace.v1.");
  });
});
