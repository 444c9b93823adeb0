import { expect } from "chai";
import { workloadOf } from "../../../config/workload.ts";
import { cluster, parse } from "../../support/stack-configs.ts";

const workload = (change: object) =>
  workloadOf(parse({ cluster, services: [{ name: "web", namespace: "shop", ...change }] }).services[0]!);

describe("workloadOf", () => {
  it("the identity service listens on 5000, and answers its own probes", () => {
    expect(workload({})).to.deep.equal({
      ports: [{ name: "http", port: 5000, protocol: "TCP", target: 5000, http: true }],
      httpPort: 5000,
      probes: {
        startup: { path: "/readyz", port: 5000 },
        readiness: { path: "/readyz", port: 5000 },
        liveness: { path: "/healthz", port: 5000 },
      },
      resources: {
        requests: { cpu: "5m", memory: "64Mi", "ephemeral-storage": "16Mi" },
        limits: { cpu: "1", memory: "192Mi", "ephemeral-storage": "64Mi" },
      },
    });
  });

  it("any other service is asked for a TCP connection, unless it says what else", () => {
    expect(workload({ image: "a", port: 80 }).probes.liveness).to.deep.equal({ port: 80 });
    expect(workload({ image: "a", probes: "none" }).probes).to.deep.equal({});
    const one = { path: "/health", port: 5000 };
    expect(workload({ image: "a", probes: { path: "/health" } }).probes).to.deep.equal({
      startup: one,
      readiness: one,
      liveness: one,
    });
    expect(workload({ image: "a", probes: { readiness: { path: "/r" }, liveness: "none" } }).probes).to.deep.equal({
      startup: { path: "/r", port: 5000 },
      readiness: { path: "/r", port: 5000 },
    });
  });

  it("the first TCP port speaks HTTP, unless another one is said to, or it is said to speak something else", () => {
    const ports = [
      { name: "dns", port: 53, protocol: "UDP" },
      { name: "a", port: 1 },
      { name: "b", port: 2 },
    ];
    expect(workload({ image: "a", ports }).httpPort).to.equal(1);
    expect(workload({ image: "a", ports: [...ports, { name: "c", port: 3, appProtocol: "http" }] }).httpPort).to.equal(
      3,
    );
    expect(workload({ image: "a", ports: [{ name: "r", port: 6379, appProtocol: "redis" }] })).not.to.have.property(
      "httpPort",
    );
    expect(workload({ image: "a", ports: [] })).to.deep.include({ ports: [], probes: {} });
  });

  it("memory is reserved and limited alike, CPU only reserved, and no limit is below what is reserved", () => {
    const { requests, limits } = workload({ image: "a", resources: { cpu: 2, memory: "1Gi" } }).resources;
    expect(requests).to.include({ cpu: "2", memory: "1Gi" });
    expect(limits).to.include({ cpu: "2", memory: "1Gi" });
    const apart = { requests: { memory: "600Mi" }, limits: { cpu: "500m" } };
    expect(workload({ image: "a", resources: apart }).resources.limits).to.include({ cpu: "500m", memory: "600Mi" });
  });
});
