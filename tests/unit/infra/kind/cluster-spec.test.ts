import { expect } from "chai";
import { parse } from "yaml";
import { kindConfig } from "../../../../infra/kind/cluster-spec.ts";

interface Node {
  role: string;
  image: string;
  extraPortMappings?: Record<string, unknown>[];
  kubeadmConfigPatches?: string[];
}

const read = (workers: number) =>
  parse(kindConfig({ name: "c", image: "kindest/node:v1", httpPort: 8080, workers })) as {
    kind: string;
    name: string;
    nodes: Node[];
  };

describe("kindConfig", () => {
  it("a kind cluster has one control plane and the configured number of workers, all of one image", () => {
    expect(read(0).nodes.map(({ role }) => role)).to.deep.equal(["control-plane"]);
    expect(read(2).nodes.map(({ role }) => role)).to.deep.equal(["control-plane", "worker", "worker"]);
    for (const { image } of read(2).nodes) expect(image).to.equal("kindest/node:v1");
  });

  it("the control plane of a kind cluster maps the host's port, on loopback only, to the ingress's port", () => {
    const [main, worker] = read(1).nodes;
    expect(main!.extraPortMappings).to.deep.equal([
      { containerPort: 80, hostPort: 8080, listenAddress: "127.0.0.1", protocol: "TCP" },
    ]);
    expect(worker).not.to.have.property("extraPortMappings");
  });

  it("the control plane of a kind cluster has no taint when there are workers, so that services run on it, too", () => {
    const taints = (workers: number) =>
      read(workers).nodes[0]!.kubeadmConfigPatches!.map(
        (patch) => (parse(patch) as { nodeRegistration?: { taints: unknown[] } }).nodeRegistration?.taints,
      );
    expect(taints(0)).to.deep.equal([undefined]);
    expect(taints(1)).to.deep.equal([undefined, []]);
  });

  it("a kind cluster has IPv6 in addition to IPv4 only with ipFamily: dual", () => {
    const networking = (ipFamily?: "ipv4" | "dual") =>
      (
        parse(
          kindConfig({
            name: "c",
            image: "kindest/node:v1",
            httpPort: 8080,
            workers: 0,
            ipFamily,
          }),
        ) as { networking?: object }
      ).networking;
    expect(networking("dual")).to.deep.equal({ ipFamily: "dual" });
    for (const plain of [networking(), networking("ipv4")]) expect(plain).to.equal(undefined);
  });

  it("a kind cluster allows a Service to have port 80 on every node", () => {
    const [patch] = read(0).nodes[0]!.kubeadmConfigPatches!;
    expect(parse(patch!)).to.have.nested.property("apiServer.extraArgs.service-node-port-range", "80-32767");
  });
});
