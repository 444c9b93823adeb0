import { expect } from "chai";
import { type CapacityInputs, capacityProblems } from "../../../../infra/kind/capacity.ts";

const gibibyte = 2 ** 30;
const machine = { cpus: 2, memoryBytes: 8 * gibibyte };
const roomy = { cpus: 2, memoryBytes: 24 * gibibyte };

const stack = (services: number, replicas: number | "autoscaled", workers = 0): CapacityInputs => ({
  cluster: { workers },
  services: Array.from({ length: services }, (_, index) => ({ name: `service${index}`, namespace: "test", replicas })),
  peers: [],
});

const problemOf = (inputs: CapacityInputs, on = machine) => {
  const problems = capacityProblems(inputs, on);
  expect(problems).to.have.length(1);
  return problems[0]!;
};

describe("capacityProblems", () => {
  it("the stacks of this repository fit on two CPUs", () => {
    expect(capacityProblems(stack(3, 2), machine)).to.deep.equal([]);
  });

  it("64 services with two replicas each fit on two CPUs", () => {
    expect(capacityProblems(stack(64, 2), roomy)).to.deep.equal([]);
  });

  it("what fills the node's CPUs to the last thousandth fits, with a pod more for roll-outs, and another pod does not", () => {
    // 950m of kind, 50m of the controller, 50m for a roll-out: 950m are left, which are 190 pods of 5m.
    expect(capacityProblems(stack(1, 190), roomy)).to.deep.equal([]);
    const { at, message } = problemOf(stack(1, 191), roomy);
    expect(at).to.deep.equal(["services"]);
    expect(message)
      .to.contain("1 service with 191 replicas")
      .and.to.contain("need 2.005 CPUs of 2 that 1 node can give")
      .and.to.contain("the cluster's own 9 pods (0.95 CPUs)")
      .and.to.contain("write fewer services or replicas, or more cluster.workers");
  });

  it("191 services with one replica don't fit on two CPUs, and fit on two nodes, each of which counts all CPUs", () => {
    expect(problemOf(stack(191, 1), roomy).message).to.contain("191 services with 191 replicas");
    expect(capacityProblems(stack(191, 1, 1), roomy)).to.deep.equal([]);
  });

  it("more pods than a node takes don't fit, however many CPUs it has", () => {
    const large = { cpus: 64, memoryBytes: 256 * gibibyte };
    expect(capacityProblems(stack(1, 239), large)).to.deep.equal([]);
    expect(problemOf(stack(1, 240), large).message).to.contain("need 251 pods of 250");
    expect(problemOf(stack(64, 4), large).message).to.contain("267 pods of 250");
  });

  it("more memory than the node has does not fit", () => {
    const small = { cpus: 64, memoryBytes: 2 * gibibyte };
    expect(problemOf(stack(1, 27), small).message).to.match(/need 2\.1 GiB of memory of 2\.0 GiB/);
  });

  it("the largest number of replicas that Kubernetes' API takes is refused", () => {
    expect(problemOf(stack(1, 2 ** 31 - 1)).message)
      .to.contain("2147483647 replicas")
      .and.to.contain("pods of 250");
  });

  it("an autoscaled service counts with the pods that it begins with", () => {
    expect(capacityProblems(stack(95, "autoscaled"), roomy)).to.deep.equal([]);
    expect(problemOf(stack(96, "autoscaled"), roomy).message).to.contain("96 services with 192 replicas");
  });

  it("more workers than the machine's memory bears are refused, with the number that it bears", () => {
    expect(capacityProblems(stack(1, 2, 29), machine)).to.deep.equal([]);
    const { at, message } = problemOf(stack(1, 2, 30));
    expect(at).to.deep.equal(["cluster", "workers"]);
    expect(message).to.contain("31 nodes").and.to.contain("the Docker engine has 8.0 GiB: write at most 29");
  });

  it("links that need a proxy count with its pods: by the URL, by the peer's stack file, or by what is asked for", () => {
    const peers = [
      { url: "https://fleet.example.com" },
      { localStack: "staging" },
      { localStack: "other", via: "proxy" as const },
      { url: "http://cluster2-control-plane" },
      { localStack: "unknown" },
    ];
    const exposed = (name: string) => (name === "staging" ? "https://staging.example.com" : undefined);
    const [problem] = capacityProblems({ ...stack(1, 190), peers }, roomy, exposed);
    expect(problem!.message).to.contain("3 proxies").and.to.contain("2.03 CPUs of 2");
  });
});
