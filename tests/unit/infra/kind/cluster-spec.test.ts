import { expect } from "chai";
import { parse } from "yaml";
import { kindConfig, kubeadmApiVersion, podsPerNode } from "../../../../infra/kind/cluster-spec.ts";
import { images, versions } from "../../../../versions.ts";

interface Node {
  role: string;
  image: string;
  extraPortMappings?: Record<string, unknown>[];
  kubeadmConfigPatches?: string[];
  kubeadmConfigPatchesJSON6902?: { group: string; version: string; kind: string; patch: string }[];
}

const read = (workers: number) =>
  parse(kindConfig({ name: "c", image: "kindest/node:v1.36.4", httpPort: 8080, workers })) as {
    kind: string;
    name: string;
    nodes: Node[];
  };

describe("kindConfig", () => {
  it("a kind cluster has one control plane and the configured number of workers, all of one image", () => {
    expect(read(0).nodes.map(({ role }) => role)).to.deep.equal(["control-plane"]);
    expect(read(2).nodes.map(({ role }) => role)).to.deep.equal(["control-plane", "worker", "worker"]);
    for (const { image } of read(2).nodes) expect(image).to.equal("kindest/node:v1.36.4");
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
      read(workers)
        .nodes[0]!.kubeadmConfigPatches!.map((patch) => parse(patch) as Record<string, { taints: unknown[] }>)
        .find(({ kind }) => (kind as unknown) === "InitConfiguration")?.nodeRegistration?.taints;
    expect(taints(0)).to.equal(undefined);
    expect(taints(1)).to.deep.equal([]);
  });

  it("a kind cluster has IPv6 in addition to IPv4 only with ipFamily: dual", () => {
    const networking = (ipFamily?: "ipv4" | "dual") =>
      (
        parse(
          kindConfig({
            name: "c",
            image: "kindest/node:v1.36.4",
            httpPort: 8080,
            workers: 0,
            ipFamily,
          }),
        ) as { networking?: object }
      ).networking;
    expect(networking("dual")).to.deep.equal({ ipFamily: "dual" });
    for (const plain of [networking(), networking("ipv4")]) expect(plain).to.equal(undefined);
  });

  const nodeOf = (image: string) =>
    (parse(kindConfig({ name: "c", image, httpPort: 8080, workers: 1 })) as { nodes: [Node] }).nodes[0];
  const patchesFor = (image: string) =>
    nodeOf(image).kubeadmConfigPatches!.map((patch) => parse(patch) as Record<string, unknown>);
  const appendedFor = (image: string) => nodeOf(image).kubeadmConfigPatchesJSON6902 ?? [];

  it("a kind cluster allows a Service to have port 80 on every node, in the map of kubeadm's v1beta3", () => {
    const [ports] = patchesFor("kindest/node:v1.35.8");
    expect(ports).to.deep.equal({
      kind: "ClusterConfiguration",
      apiVersion: "kubeadm.k8s.io/v1beta3",
      apiServer: { extraArgs: { "service-node-port-range": "80-32767" } },
    });
    expect(appendedFor("kindest/node:v1.35.8")).to.deep.equal([]);
  });

  it("a kind cluster allows it in the list of kubeadm's v1beta4, too, and leaves kind's own arguments in that", () => {
    const [ports, ...others] = appendedFor("kindest/node:v1.36.4");
    expect(ports).to.deep.include({ group: "kubeadm.k8s.io", version: "v1beta4", kind: "ClusterConfiguration" });
    expect(parse(ports!.patch)).to.deep.equal([
      {
        op: "add",
        path: "/apiServer/extraArgs/-",
        value: { name: "service-node-port-range", value: "80-32767" },
      },
    ]);
    expect(others).to.deep.equal([]);
    expect(patchesFor("kindest/node:v1.36.4").map(({ kind }) => kind)).not.to.include("ClusterConfiguration");
  });

  it("all kubeadm patches of a kind cluster have the API version that kind writes for its Kubernetes", () => {
    const versionsIn = (image: string) =>
      new Set([
        ...patchesFor(image)
          .filter(({ kind }) => kind !== "KubeletConfiguration")
          .map(({ apiVersion }) => apiVersion),
        ...appendedFor(image).map(({ group, version }) => `${group}/${version}`),
      ]);
    expect([...versionsIn("kindest/node:v1.34.2")]).to.deep.equal(["kubeadm.k8s.io/v1beta3"]);
    expect([...versionsIn("kindest/node:v1.37.0@sha256:00")]).to.deep.equal(["kubeadm.k8s.io/v1beta4"]);
  });

  it("a kind cluster's kubelet accepts cgroup v1 where it would refuse that by default", () => {
    const kubelet = (image: string) => patchesFor(image).find(({ kind }) => kind === "KubeletConfiguration");
    expect(kubelet("kindest/node:v1.36.4")).to.have.property("failCgroupV1", false);
    expect(kubelet("kindest/node:v1.34.2")).not.to.have.property("failCgroupV1");
    expect(kubelet("kindest/node:v1.34.2")).to.have.property("maxPods", podsPerNode);
  });

  it("a kind cluster's containerd reads registries' hosts from a folder, whatever its configuration's version", () => {
    const { containerdConfigPatches: patches } = parse(
      kindConfig({ name: "c", image: images.node, httpPort: 8080, workers: 0 }),
    ) as { containerdConfigPatches: string[] };
    expect(patches).to.have.length(2);
    for (const [index, version] of [2, 3].entries()) {
      expect(patches[index]).to.match(new RegExp(`^version = ${version}$`, "m"));
      expect(patches[index]).to.include('config_path = "/etc/containerd/certs.d"');
    }
  });

  it("a node image whose tag is no version is refused, since kind's API version follows it", () => {
    expect(() => kubeadmApiVersion("kindest/node:latest")).to.throw("kindest/node:latest is no version");
  });
});

describe("kubeadmApiVersion", () => {
  it("kubeadmApiVersion is what the pinned kind writes for the pinned Kubernetes", () => {
    // After a bump of kind, read which template pkg/cluster/internal/kubeadm/config.go takes for which Kubernetes.
    expect(versions.kind, "kubeadmApiVersion was compared with kind 0.33.0 only").to.equal("0.33.0");
    const templates = { "1.34": "v1beta3", "1.35": "v1beta3", "1.36": "v1beta4", "1.37": "v1beta4" };
    for (const [minor, template] of Object.entries(templates)) {
      expect(kubeadmApiVersion(`kindest/node:v${minor}.0`), minor).to.equal(template);
    }
    expect(Object.keys(templates), "this Kubernetes was not compared").to.include(
      versions.kubernetes.split(".", 2).join("."),
    );
  });
});
