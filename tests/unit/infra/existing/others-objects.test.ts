import { expect } from "chai";
import { fleetLabel, ownerAnnotations } from "../../../../infra/existing/object-owner.ts";
import { isOthers, othersObjects } from "../../../../infra/existing/others-objects.ts";

const us = { fleet: "f-1", project: "identity", stack: "prod" };
const object = (kind: string, name: string, metadata: object = {}) => ({
  apiVersion: "v1",
  kind,
  metadata: { name, namespace: "own", ...metadata },
});

describe("isOthers", () => {
  it("what somebody made is theirs", () => {
    expect(isOthers(object("ConfigMap", "theirs"), us)).to.equal(true);
    expect(isOthers(object("ConfigMap", "another", { labels: { [fleetLabel]: "f-2" } }), us)).to.equal(true);
  });

  it("what a lost state of the same stack left is the stack's", () => {
    const mark = (stack: string) => ({
      labels: { [fleetLabel]: "f-0" },
      annotations: { [ownerAnnotations.project]: "identity", [ownerAnnotations.stack]: stack },
    });
    expect(isOthers(object("Secret", "left", mark("prod")), us)).to.equal(false);
    expect(isOthers(object("Secret", "another", mark("test")), us)).to.equal(true);
  });

  it("what is ours, what Kubernetes has in every namespace, and what is made of something else is not", () => {
    expect(isOthers(object("ConfigMap", "ours", { labels: { [fleetLabel]: "f-1" } }), us)).to.equal(false);
    expect(isOthers(object("ConfigMap", "kube-root-ca.crt"), us)).to.equal(false);
    expect(isOthers(object("ServiceAccount", "default"), us)).to.equal(false);
    expect(isOthers(object("Pod", "web-1", { ownerReferences: [{}] }), us)).to.equal(false);
    expect(isOthers(object("Event", "web.1"), us)).to.equal(false);
    expect(isOthers(object("Pod", "ending", { deletionTimestamp: "2026-01-01" }), us)).to.equal(false);
  });
});

describe("othersObjects", () => {
  it("what is others' is named, as far as this user may see it", async () => {
    const items = [object("Secret", "theirs"), object("ServiceAccount", "default")];
    const found = await othersObjects(
      (args) =>
        Promise.resolve({
          stdout: args[0] === "get" ? JSON.stringify({ items }) : "secrets\nserviceaccounts",
          stderr: "",
        }),
      "own",
      us,
    );
    expect(found).to.deep.equal(["Secret own/theirs"]);
  });
});
