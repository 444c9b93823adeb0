import { expect } from "chai";
import { describeDrift } from "../../../../fleet/drift/describe-drift.ts";
import type { ObjectDrift } from "../../../../fleet/drift/drift.ts";
import { deployment, namespace, networkPolicy } from "./objects.ts";

const image = { urn: "urn:image", reference: `localhost:5081/identity@sha256:${"ab".repeat(32)}` };

const linesOf = (objects: ObjectDrift[], doing: "healing" | "previewing" | "leaving" = "healing") =>
  describeDrift({ objects, images: [] }, doing);

describe("describeDrift", () => {
  it("a deleted object is named, with what is done about it", () => {
    const drift: ObjectDrift[] = [{ object: deployment, became: "deleted", terminating: false }];
    expect(linesOf(drift)).to.deep.equal(["Deployment test-namespace/identity was deleted: bringing it back"]);
    expect(linesOf(drift, "previewing")[0]).to.match(/: up brings it back$/);
    expect(linesOf(drift, "leaving")[0]).to.match(/: left as it is$/);
  });

  it("a deleted namespace stands for everything in it", () => {
    const all = [namespace, networkPolicy, deployment].map((object): ObjectDrift => ({
      object,
      became: "deleted",
      terminating: false,
    }));
    expect(linesOf(all)).to.deep.equal([
      "Namespace test-namespace was deleted, and with it 2 objects of this stack: bringing it back",
    ]);
  });

  it("a changed object is one line, with each place, what it was, and what it is now", () => {
    const changes = [
      { path: "spec.replicas", was: 2, now: 5 },
      { path: 'metadata.labels["app.kubernetes.io/part-of"]', was: "fleet" },
      { path: "spec.paused", now: true, addedAt: "/spec/paused" },
    ];
    expect(linesOf([{ object: deployment, became: "changed", changes }])).to.deep.equal([
      "Deployment test-namespace/identity was changed (spec.replicas: 2 → 5; " +
        'metadata.labels["app.kubernetes.io/part-of"]: "fleet" → nothing; spec.paused: nothing → true): setting it back',
    ]);
  });

  it("many changes of one object are cut", () => {
    const changes = Array.from({ length: 8 }, (_, index) => ({ path: `data.key${index}`, was: "a", now: "b" }));
    const [line] = linesOf([{ object: deployment, became: "changed", changes }]);
    expect(line).to.contain("data.key4").and.to.contain("and 3 more").and.not.to.contain("data.key5");
  });

  it("control characters of others' values don't reach the terminal", () => {
    const changes = [{ path: "data.a", was: "1", now: "\u001b[2J\nsecond line" }];
    const [line] = linesOf([{ object: deployment, became: "changed", changes }]);
    // eslint-disable-next-line no-control-regex -- that is what must not be there
    expect(line).not.to.match(/[\u0000-\u001f]/);
  });

  it("an object that something else made is taken over", () => {
    expect(linesOf([{ object: deployment, became: "remade", changes: [] }])).to.deep.equal([
      "Deployment test-namespace/identity was made anew by something else: taking it over",
    ]);
  });

  it("an image that the registry lost is named by a short digest", () => {
    expect(describeDrift({ objects: [], images: [image] }, "healing")).to.deep.equal([
      "The registry no longer has localhost:5081/identity@sha256:abababababab…: pushing it again",
    ]);
  });
});
