import { expect } from "chai";
import { compareObject } from "../../../../fleet/drift/compare-object.ts";
import { deployment, networkPolicy } from "./objects.ts";

type Json = Record<string, unknown>;

/** The object as it stands after a change. A copy by JSON shares no part with another. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- JSON
const changed = (recorded: { outputs: Json }, change: (object: any) => unknown): Json => {
  const live = JSON.parse(JSON.stringify(recorded.outputs)) as Json;
  change(live);
  return live;
};

/* eslint-disable @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-call -- JSON */
describe("compareObject", () => {
  const pathsOf = (...args: Parameters<typeof compareObject>) => compareObject(...args).map(({ path }) => path);

  it("an object is as it was recorded, whatever its status and its versions are", () => {
    const live = changed(deployment, (object) => {
      object.metadata.resourceVersion = "99";
      object.metadata.generation = 7;
      object.metadata.annotations["deployment.kubernetes.io/revision"] = "4";
      object.status = { replicas: 2, observedGeneration: 7 };
    });
    expect(compareObject(deployment, live)).to.deep.equal([]);
  });

  it("a scaled Deployment was changed, with the numbers", () => {
    const live = changed(deployment, (object) => (object.spec.replicas = 5));
    expect(compareObject(deployment, live)).to.deep.equal([{ path: "spec.replicas", was: 2, now: 5 }]);
  });

  it("a path that is left to others is not compared", () => {
    const live = changed(deployment, (object) => (object.spec.replicas = 5));
    expect(compareObject(deployment, live, ["spec.replicas"])).to.deep.equal([]);
  });

  it("a container is named by its name, not by its place", () => {
    const live = changed(deployment, (object) => {
      object.spec.template.spec.containers[0].image = "nginx";
      object.spec.template.spec.containers.unshift({ name: "sidecar", image: "proxy" });
    });
    expect(compareObject(deployment, live)).to.deep.equal([
      {
        path: "spec.template.spec.containers[service].image",
        was: "localhost:5080/identity@sha256:1",
        now: "nginx",
      },
      {
        path: "spec.template.spec.containers[sidecar]",
        now: { name: "sidecar", image: "proxy" },
        addedAt: "/spec/template/spec/containers/0",
      },
    ]);
  });

  it("a variable that kubectl set env added is to be removed from its place", () => {
    const live = changed(deployment, (object) =>
      object.spec.template.spec.containers[0].env.push({ name: "DEBUG", value: "1" }),
    );
    expect(compareObject(deployment, live)).to.deep.equal([
      {
        path: "spec.template.spec.containers[service].env[DEBUG]",
        now: { name: "DEBUG", value: "1" },
        addedAt: "/spec/template/spec/containers/0/env/1",
      },
    ]);
  });

  it("a field that nobody asked for was changed, too: a roll-out that was paused", () => {
    const live = changed(deployment, (object) => (object.spec.paused = true));
    expect(compareObject(deployment, live)).to.deep.equal([
      { path: "spec.paused", now: true, addedAt: "/spec/paused" },
    ]);
  });

  it("the annotation of kubectl rollout restart is no change, nor are others' labels and annotations", () => {
    const live = changed(deployment, (object) => {
      object.spec.template.metadata.annotations = { "kubectl.kubernetes.io/restartedAt": "2026-01-01T00:00:00Z" };
      object.metadata.labels.team = "a";
      object.metadata.annotations["example.com/note"] = "b";
    });
    expect(compareObject(deployment, live)).to.deep.equal([]);
  });

  it("a label of ours that was removed or changed is a change, on the object and on its pods", () => {
    const live = changed(deployment, (object) => {
      delete object.metadata.labels["app.kubernetes.io/part-of"];
      object.spec.template.metadata.labels["app.kubernetes.io/component"] = "other";
    });
    expect(compareObject(deployment, live)).to.deep.equal([
      { path: 'metadata.labels["app.kubernetes.io/part-of"]', was: "fleet" },
      {
        path: 'spec.template.metadata.labels["app.kubernetes.io/component"]',
        was: "service",
        now: "other",
      },
    ]);
  });

  it("a policy that was opened by one more rule, or by a field that it did not have, was changed", () => {
    const more = changed(networkPolicy, (object) => object.spec.ingress.push({}));
    expect(compareObject(networkPolicy, more)).to.deep.equal([
      { path: "spec.ingress[1]", now: {}, addedAt: "/spec/ingress/1" },
    ]);
    const other = changed(networkPolicy, (object) => (object.spec.egress = [{}]));
    expect(pathsOf(networkPolicy, other)).to.deep.equal(["spec.egress"]);
  });

  it("a rule that was removed is a change", () => {
    const live = changed(networkPolicy, (object) => delete object.spec.ingress);
    expect(pathsOf(networkPolicy, live)).to.deep.equal(["spec.ingress"]);
  });

  it("nulls, which Pulumi does not record, are as good as nothing", () => {
    const live = changed(deployment, (object) => {
      object.spec.template.metadata.creationTimestamp = null;
      object.spec.minReadySeconds = null;
    });
    expect(compareObject(deployment, live)).to.deep.equal([]);
  });

  it("a secret is encrypted in the state, so only its absence is seen", () => {
    const recorded = {
      inputs: { metadata: {} },
      outputs: { kind: "Secret", data: { a: { "4dabf18193072939515e22adb298388d": "1b47", ciphertext: "v1:x" } } },
    };
    expect(compareObject(recorded, { kind: "Secret", data: { a: "eA==" } })).to.deep.equal([]);
    expect(compareObject(recorded, { kind: "Secret", data: {} })).to.deep.equal([{ path: "data.a", was: "a secret" }]);
  });

  it("what controllers add to a ServiceAccount is no change", () => {
    const recorded = { inputs: { metadata: {} }, outputs: { kind: "ServiceAccount" } };
    const live = { kind: "ServiceAccount", secrets: [{ name: "token" }], imagePullSecrets: [{ name: "pull" }] };
    expect(compareObject(recorded, live)).to.deep.equal([]);
  });

  it("a key with a slash is escaped in the place to remove", () => {
    const recorded = { inputs: { metadata: {} }, outputs: { kind: "ConfigMap", data: { "a.b": "1" } } };
    const live = { kind: "ConfigMap", data: { "a.b": "1", "x/y~z": "2" } };
    expect(compareObject(recorded, live)).to.deep.equal([
      { path: 'data["x/y~z"]', now: "2", addedAt: "/data/x~1y~0z" },
    ]);
  });
});
