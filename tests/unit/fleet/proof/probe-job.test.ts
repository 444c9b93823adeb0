import { expect } from "chai";
import { probeJob, probePlace, probeState } from "../../../../fleet/proof/probe-job.ts";

const pod = {
  "app.kubernetes.io/name": "web",
  "app.kubernetes.io/component": "service",
  "pod-template-hash": "abc",
};
const services = [{ "app.kubernetes.io/name": "web" }, { "app.kubernetes.io/name": "other" }];
const everyPod = {};
const apart = { labels: { "app.kubernetes.io/component": "service" }, selected: false };
const alike = { labels: { "app.kubernetes.io/name": "web", "app.kubernetes.io/component": "service" }, selected: true };

describe("probePlace", () => {
  it("a probe has its service's labels but those that Services and ReplicaSets select by", () => {
    expect(probePlace(pod, { services, policies: [everyPod] })).to.deep.equal(apart);
    expect(
      probePlace(pod, { services, policies: [{ matchLabels: { "app.kubernetes.io/component": "service" } }] }),
    ).to.deep.equal(apart);
  });

  it("a probe has all of them where a policy is for the service by the same ones, and then must never be ready", () => {
    const policies = [everyPod, { matchLabels: { "app.kubernetes.io/name": "web" } }];
    expect(probePlace(pod, { services, policies })).to.deep.equal(alike);
  });

  it("a policy that leaves the service out leaves its probe out, too", () => {
    const key = "app.kubernetes.io/name";
    for (const expression of [
      { key, operator: "NotIn", values: ["web"] },
      { key, operator: "DoesNotExist" },
      { key, operator: "Exists" },
      { key, operator: "In", values: ["web", "other"] },
    ]) {
      const policies = [{ matchExpressions: [expression] }];
      expect(probePlace(pod, { services, policies }), JSON.stringify(expression)).to.deep.equal(alike);
    }
  });

  it("a Service without a selector selects nothing, and so takes no label away", () => {
    expect(probePlace(pod, { services: [{}], policies: [everyPod] })).to.deep.equal({
      labels: alike.labels,
      selected: false,
    });
  });
});

describe("probeJob", () => {
  const job = { name: "probe-web-1", namespace: "shop", service: "web", image: "localhost:5080/identity@sha256:1" };

  it("a probe ends and goes by itself, has no rights, and is never ready where Services would select it", () => {
    const { spec } = probeJob({ ...job, place: alike });
    expect(spec).to.include({ backoffLimit: 0, ttlSecondsAfterFinished: 0 });
    expect(spec.activeDeadlineSeconds).to.be.within(60, 900);
    const podSpec = spec.template.spec;
    expect(podSpec).to.deep.include({
      automountServiceAccountToken: false,
      readinessGates: [{ conditionType: "kind-fleet.probe/ready" }],
    });
    expect(podSpec.containers[0]!.securityContext).to.deep.include({ capabilities: { drop: ["ALL"] } });
    expect(probeJob({ ...job, place: apart }).spec.template.spec.readinessGates).to.equal(undefined);
  });
});

describe("probeState", () => {
  it("a probe whose image can't be pulled is given up, with Kubernetes' own words", () => {
    const waiting = { reason: "ErrImagePull", message: "not found" };
    expect(probeState({ phase: "Pending", containerStatuses: [{ state: { waiting } }] })).to.deep.equal({
      why: "ErrImagePull: not found",
      wait: false,
    });
  });

  it("a probe that is not scheduled is waited for, with the scheduler's words", () => {
    const message = "0/1 nodes are available: 1 Insufficient memory.";
    const conditions = [{ type: "PodScheduled", status: "False", message }];
    expect(probeState({ phase: "Pending", conditions })).to.deep.equal({ why: message, wait: true });
  });

  it("a probe runs once its container does", () => {
    expect(probeState({ phase: "Running", containerStatuses: [{ state: { running: {} } }] })).to.equal("running");
    expect(probeState({})).to.deep.equal({ why: "it is not there", wait: true });
    expect(probeState({ phase: "Failed" })).to.deep.include({ wait: false });
  });
});
