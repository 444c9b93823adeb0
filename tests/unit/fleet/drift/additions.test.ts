import { expect } from "chai";
import { additionsIn } from "../../../../fleet/drift/additions.ts";
import { deployment, networkPolicy } from "./objects.ts";

describe("additionsIn", () => {
  it("what was added is removed, and what was changed or removed is left to Pulumi", () => {
    const changes = [
      { path: "spec.replicas", was: 2, now: 5 },
      { path: "spec.paused", now: true, addedAt: "/spec/paused" },
    ];
    expect(additionsIn([{ object: deployment, became: "changed", changes }])).to.deep.equal([
      { object: deployment, patch: [{ op: "remove", path: "/spec/paused" }] },
    ]);
    expect(additionsIn([{ object: deployment, became: "deleted", terminating: false }])).to.deep.equal([]);
  });

  it("the last items of a list are removed first, so that the places of the others stay right", () => {
    const changes = [2, 10, 1].map((index) => ({
      path: `spec.ingress[${index}]`,
      now: {},
      addedAt: `/spec/ingress/${index}`,
    }));
    const [removal] = additionsIn([{ object: networkPolicy, became: "changed", changes }]);
    expect(removal!.patch.map(({ path }) => path)).to.deep.equal([
      "/spec/ingress/10",
      "/spec/ingress/2",
      "/spec/ingress/1",
    ]);
  });
});
