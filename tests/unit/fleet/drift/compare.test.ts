import { expect } from "chai";
import { byKey, compareObjects, keyOf, type LiveObject } from "../../../../fleet/drift/compare.ts";
import type { RecordedObject } from "../../../../fleet/drift/recorded.ts";
import { deployment, namespace, networkPolicy } from "./objects.ts";

const recorded = [namespace, networkPolicy, deployment];

/** The object as it stands, with other metadata. */
const standing = ({ outputs }: RecordedObject, metadata: object = {}): LiveObject => {
  const live = structuredClone(outputs) as LiveObject;
  return { ...live, metadata: { ...live.metadata, ...metadata } };
};

const became = (live: LiveObject[]) =>
  compareObjects(recorded, byKey(live)).map((drift) => [drift.object.kind, drift.became]);

describe("compareObjects", () => {
  it("nothing differs when everything stands as it was recorded", () => {
    expect(became(recorded.map((object) => standing(object)))).to.deep.equal([]);
  });

  it("an object that is not found was deleted", () => {
    expect(became([standing(namespace), standing(networkPolicy)])).to.deep.equal([["Deployment", "deleted"]]);
  });

  it("an object with another uid was remade, with what differs in it", () => {
    const live = standing(deployment, { uid: "uid-9" });
    (live.spec as { replicas: number }).replicas = 1;
    const [drift] = compareObjects([deployment], byKey([live]));
    expect(drift).to.deep.include({ became: "remade", changes: [{ path: "spec.replicas", was: 2, now: 1 }] });
  });

  it("an object that is being deleted counts as deleted, and is waited for", () => {
    const live = standing(deployment, { deletionTimestamp: "2026-01-01T00:00:00Z" });
    const [drift] = compareObjects([deployment], byKey([live]));
    expect(drift).to.deep.include({ became: "deleted", terminating: true });
  });

  it("with a namespace that is being deleted, everything in it counts as deleted", () => {
    const live = [
      standing(namespace, { deletionTimestamp: "2026-01-01T00:00:00Z" }),
      standing(networkPolicy),
      standing(deployment),
    ];
    expect(became(live)).to.deep.equal([
      ["Namespace", "deleted"],
      ["NetworkPolicy", "deleted"],
      ["Deployment", "deleted"],
    ]);
  });

  it("objects of the same name and kind are told apart by their API group and namespace", () => {
    const name = { apiVersion: "v1", kind: "Service", namespace: "a", name: "b" };
    expect(keyOf(name)).not.to.equal(keyOf({ ...name, namespace: "c" }));
    expect(keyOf(name)).not.to.equal(keyOf({ ...name, apiVersion: "serving.knative.dev/v1" }));
  });
});
