import { expect } from "chai";
import { parse } from "yaml";
import { kindConfig } from "../../../infra/kind/cluster-spec.ts";

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

describe("kind's configuration", () => {
  it("has one control plane, and as many workers as asked for, of one image", () => {
    expect(read(0).nodes.map(({ role }) => role)).to.deep.equal(["control-plane"]);
    expect(read(2).nodes.map(({ role }) => role)).to.deep.equal(["control-plane", "worker", "worker"]);
    for (const { image } of read(2).nodes) expect(image).to.equal("kindest/node:v1");
  });

  it("leads the host's port, on loopback only, to the ingress' port of the control plane", () => {
    const [main, worker] = read(1).nodes;
    expect(main!.extraPortMappings).to.deep.equal([
      { containerPort: 80, hostPort: 8080, listenAddress: "127.0.0.1", protocol: "TCP" },
    ]);
    expect(worker).not.to.have.property("extraPortMappings");
  });

  it("leaves the control plane to services too, where there are workers", () => {
    const taints = (workers: number) =>
      read(workers).nodes[0]!.kubeadmConfigPatches!.map(
        (patch) => (parse(patch) as { nodeRegistration?: { taints: unknown[] } }).nodeRegistration?.taints,
      );
    expect(taints(0)).to.deep.equal([undefined]);
    expect(taints(1)).to.deep.equal([undefined, []]);
  });

  it("has IPv6 beside IPv4 only where it is asked for", () => {
    const networking = (ipFamily?: "ipv4" | "dual") =>
      (
        parse(
          kindConfig({
            name: "c",
            image: "kindest/node:v1",
            httpPort: 8080,
            workers: 0,
            ...(ipFamily && { ipFamily }),
          }),
        ) as { networking?: object }
      ).networking;
    expect(networking("dual")).to.deep.equal({ ipFamily: "dual" });
    for (const plain of [networking(), networking("ipv4")]) expect(plain).to.equal(undefined);
  });

  it("lets a Service have that port on every node", () => {
    const [patch] = read(0).nodes[0]!.kubeadmConfigPatches!;
    expect(parse(patch!)).to.have.nested.property("apiServer.extraArgs.service-node-port-range", "80-32767");
  });
});
