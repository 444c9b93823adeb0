import { expect } from "chai";
import {
  type Deployment,
  devAnnotation,
  devManager,
  enterDevMode,
  hasSupervisor,
  isInDevMode,
  leaveDevMode,
  returnFields,
} from "../../../../fleet/dev/dev-mode.ts";
import type { PatchOperation } from "../../../../host/kubernetes-api.ts";

const pulumi = {
  manager: "pulumi-kubernetes-1a2b3c4d",
  operation: "Apply",
  fieldsV1: { "f:spec": { "f:replicas": {} } },
};
const controller = { manager: "kube-controller-manager", operation: "Update", subresource: "status", time: "t1" };

const deployment = (): Deployment => ({
  metadata: { name: "identity", namespace: "shop", annotations: { a: "b" }, managedFields: [pulumi, controller] },
  spec: {
    replicas: 2,
    strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
    template: {
      metadata: { labels: { app: "identity" } },
      spec: {
        serviceAccountName: "identity",
        containers: [
          {
            name: "service",
            image: "localhost:5080/identity@sha256:old",
            args: ["--verbose"],
            volumeMounts: [{ name: "tmp", mountPath: "/tmp" }],
            resources: { requests: { cpu: "25m" }, limits: { cpu: "1", memory: "192Mi" } },
          },
          { name: "sidecar", image: "other" },
        ],
        volumes: [{ name: "tmp" }],
      },
    },
  },
});

const swap = { node: "/nodejs/bin/node", entry: "/app/server.js" };
const supervisor = "console.log(1)";
const image = "localhost:5080/identity@sha256:new";

/** What the API server makes of a patch. Only the paths that are used here are known. */
function patched(before: Deployment, operations: readonly PatchOperation[]): Deployment {
  const after = structuredClone(before) as unknown as Record<string, unknown>;
  for (const { op, path, value } of operations) {
    const keys = path
      .split("/")
      .slice(1)
      .map((key) => key.replaceAll("~1", "/"));
    const last = keys.pop()!;
    const parent = keys.reduce((object, key) => object[key] as Record<string, unknown>, after);
    if (op === "replace" || op === "remove") expect(parent, path).to.have.property(last);
    if (op === "remove") Reflect.deleteProperty(parent, last);
    else parent[last] = JSON.parse(JSON.stringify(value));
  }
  return after as unknown as Deployment;
}

describe("dev/dev-mode", () => {
  it("enterDevMode gives a Node service a supervisor that its code can be sent to, and changes nothing else of the pods", () => {
    const after = patched(deployment(), enterDevMode(deployment(), { swap, supervisor }));
    const [container, sidecar] = after.spec.template.spec.containers;
    expect(container).to.deep.equal({
      name: "service",
      image: "localhost:5080/identity@sha256:old",
      command: ["/nodejs/bin/node", "--eval", supervisor, "--", "/app/server.js", "/dev-code"],
      stdin: true,
      volumeMounts: [
        { name: "tmp", mountPath: "/tmp" },
        { name: "dev-code", mountPath: "/dev-code" },
      ],
      resources: { requests: { cpu: "25m" }, limits: { cpu: "1", memory: "512Mi" } },
    });
    expect(sidecar).to.deep.equal({ name: "sidecar", image: "other" });
    expect(after.spec.template.spec.volumes).to.deep.equal([
      { name: "tmp" },
      { name: "dev-code", emptyDir: { sizeLimit: "32Mi" } },
    ]);
    expect(after.spec.template.metadata).to.deep.equal({ labels: { app: "identity" } });
    expect(after.spec.strategy).to.deep.equal({
      type: "RollingUpdate",
      rollingUpdate: { maxSurge: "100%", maxUnavailable: 0 },
    });
    expect(isInDevMode(after)).to.be.true;
    expect(hasSupervisor(after.spec.template)).to.be.true;
    expect(hasSupervisor(deployment().spec.template)).to.be.false;
  });

  it("enterDevMode leaves the pods as they are where each change is a roll-out", () => {
    const after = patched(deployment(), enterDevMode(deployment(), { supervisor }));
    expect(after.spec.template).to.deep.equal(deployment().spec.template);
    const next = patched(after, enterDevMode(after, { supervisor, image }));
    expect(next.spec.template.spec.containers.map((container) => container.image)).to.deep.equal([image, "other"]);
  });

  it("enterDevMode changes nothing the second time", () => {
    const once = patched(deployment(), enterDevMode(deployment(), { swap, supervisor }));
    expect(patched(once, enterDevMode(once, { swap, supervisor }))).to.deep.equal(once);
  });

  it("leaveDevMode makes a Deployment what it was before, however often and in whatever shape it was in dev mode", () => {
    const first = patched(deployment(), enterDevMode(deployment(), { swap, supervisor }));
    const second = patched(first, enterDevMode(first, { swap, supervisor: "another version of it", image }));
    expect(patched(second, leaveDevMode(second))).to.deep.equal(deployment());
  });

  it("leaveDevMode deploys the newest image at once", () => {
    const inDevMode = patched(deployment(), enterDevMode(deployment(), { swap, supervisor }));
    const expected = deployment();
    expected.spec.template.spec.containers[0]!.image = image;
    expect(patched(inDevMode, leaveDevMode(inDevMode, image))).to.deep.equal(expected);
  });

  it("leaveDevMode and returnFields refuse what is not in dev mode", () => {
    expect(() => leaveDevMode(deployment())).to.throw("shop/identity is not in dev mode");
    expect(() => returnFields(deployment(), deployment())).to.throw("shop/identity is not in dev mode");
  });

  it("returnFields gives Pulumi the fields that dev mode took, and leaves those of others alone", () => {
    const inDevMode = patched(deployment(), enterDevMode(deployment(), { swap, supervisor }));
    const left = { ...pulumi, fieldsV1: {} };
    const scaled = { manager: "kubectl", operation: "Update", subresource: "scale" };
    const newStatus = { ...controller, time: "t2" };
    const own = { manager: devManager, operation: "Update", fieldsV1: {} };
    const after = patched(inDevMode, leaveDevMode(inDevMode));
    after.metadata.managedFields = [left, own, newStatus, scaled];
    expect(returnFields(after, inDevMode)).to.deep.equal([
      { op: "replace", path: "/metadata/managedFields", value: [pulumi, newStatus, scaled] },
    ]);
  });

  it("the annotation's key is safe in a JSON pointer", () => {
    const inDevMode = patched(deployment(), enterDevMode(deployment(), { supervisor }));
    expect(leaveDevMode(inDevMode)[0]).to.deep.equal({
      op: "remove",
      path: "/metadata/annotations/kind-fleet.dev~1before",
    });
    expect(devAnnotation).to.equal("kind-fleet.dev/before");
  });
});
