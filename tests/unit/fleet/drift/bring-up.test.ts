import { expect } from "chai";
import { undoing, undoingInPreview } from "../../../../fleet/drift/bring-up.ts";
import type { Drift } from "../../../../fleet/drift/drift.ts";

const object = { urn: "urn:service", apiVersion: "v1", kind: "Service", namespace: "shop", name: "web" };
const image = { urn: "urn:image", reference: "localhost:5080/web@sha256:1" };
const withChange = (change: object): Drift => ({
  objects: [{ object, became: "changed", changes: [{ path: "spec.ports", ...change }] }],
  images: [],
});

describe("undoing", () => {
  it("an object that differs is asked for anew, and an image that was lost is pushed again", () => {
    expect(undoing(withChange({ was: 1, now: 2 }))).to.deep.include({ refresh: true });
    expect(undoing({ objects: [], images: [image] })).to.deep.include({ refresh: undefined, replace: ["urn:image"] });
  });

  it("the program says the login that counts now, where that of the last update may have expired", () => {
    const changed = withChange({ was: 1, now: 2 });
    expect(undoing(changed, { loginMayExpire: true })).to.include({ refresh: true, runProgram: true });
    expect(undoing(changed, {}).runProgram).to.equal(undefined);
    expect(undoing({ objects: [], images: [image] }, { loginMayExpire: true }).runProgram).to.equal(undefined);
  });

  it("a preview asks for nothing anew where something was added: Pulumi would apply over it, and fail", () => {
    expect(undoingInPreview(withChange({ was: 1, now: 2 })).refresh).to.be.true;
    expect(undoingInPreview(withChange({ now: 2, addedAt: ["spec", "ports", 1] })).refresh).to.be.undefined;
    const deleted: Drift = { objects: [{ object, became: "deleted", terminating: false }], images: [] };
    expect(undoingInPreview(deleted).refresh).to.be.true;
  });
});
