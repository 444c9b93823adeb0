import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import type { StackConfig } from "../../config/stack-config.ts";
import { failureOf } from "../support/failure.ts";
import {
  configOf,
  deployWithMocks,
  digest,
  type Manifest,
  manifests,
  ofType,
  type Registered,
  stackOutputs,
  valueOf,
} from "../support/mocks.ts";

interface Container {
  image: string;
  env: { name: string; value: string }[];
  securityContext: Record<string, unknown>;
  livenessProbe: unknown;
  readinessProbe: unknown;
  resources: { limits: Record<string, string>; requests: Record<string, string> };
}

const podSpec = (deployment: Manifest) =>
  (
    deployment.spec.template as {
      spec: {
        containers: Container[];
        securityContext: Record<string, unknown>;
        automountServiceAccountToken?: boolean;
      };
    }
  ).spec;
const container = (deployment: Manifest) => podSpec(deployment).containers[0]!;
const env = (deployment: Manifest) =>
  Object.fromEntries(container(deployment).env.map(({ name, value }) => [name, value]));

/** What the contract has of a stack: the name that each service answers with, and whether the ingress serves it. */
interface Expected {
  cluster: string;
  port: number;
  namespaces: string[];
  services: Record<string, [name: string, hasIngress: boolean]>;
}

for (const [stack, expected] of Object.entries<Expected>({
  staging: {
    cluster: "cluster2",
    port: 81,
    namespaces: ["test-namespace"],
    services: {
      "test-namespace/identity": ["identity", true],
      "test-namespace/identity-different-cluster": ["identity-different-cluster", false],
    },
  },
  development: {
    cluster: "cluster1",
    port: 80,
    namespaces: ["test-namespace", "service2"],
    services: {
      "test-namespace/identity": ["identity", true],
      "test-namespace/identity-internal": ["internal", false],
      "service2/identity-different-namespace": ["service2", false],
    },
  },
})) {
  describe(`the stack ${stack}`, () => {
    let resources: Registered[];
    let outputs: Awaited<ReturnType<typeof deployWithMocks>>["result"];

    before(async () => {
      stackOutputs.set("organization/identity/staging", { exposedUrl: "http://cluster2-control-plane" });
      ({ resources, result: outputs } = await deployWithMocks(configOf(stack)));
    });

    it("makes its kind cluster with its port, and no workers", () => {
      const [cluster] = ofType(resources, "Cluster");
      expect(cluster!.inputs).to.include({
        name: expected.cluster,
        httpPort: expected.port,
        workers: 0,
        owner: `identity/${stack}`,
      });
    });

    it("makes a registry beside it, which the cluster knows", () => {
      const [registry] = ofType(resources, "Registry");
      expect(registry!.inputs).to.include({
        name: `${expected.cluster}-registry`,
        port: expected.port + 5000,
        network: "kind",
      });
      expect(ofType(resources, "Cluster")[0]!.inputs).to.have.deep.property("registry", {
        host: `localhost:${expected.port + 5000}`,
        endpoint: `http://${expected.cluster}-registry:5000`,
      });
    });

    it("binds every Kubernetes resource to the provider of this very cluster", () => {
      const [provider] = resources.filter(({ type }) => type === "pulumi:providers:kubernetes");
      expect(provider!.inputs).to.include({ clusterIdentifier: "one" });
      const inCluster = resources.filter(({ type }) => type.startsWith("kubernetes:"));
      expect(inCluster).not.to.be.empty;
      for (const { provider: used, name } of inCluster)
        expect(used, name).to.match(new RegExp(`::${expected.cluster}::`));
    });

    it("makes its namespaces, and enforces the restricted standard in each", () => {
      const namespaces = manifests(resources, "Namespace");
      expect([...namespaces.keys()].sort()).to.deep.equal(
        ["skipper-ingress", ...expected.namespaces].map((name) => `/${name}`).sort(),
      );
      for (const { metadata } of namespaces.values())
        expect(metadata.labels).to.include({ "pod-security.kubernetes.io/enforce": "restricted" });
    });

    it("deploys its services, and no others", () => {
      const deployments = [...manifests(resources, "Deployment").keys()].filter(
        (id) => id !== "skipper-ingress/skipper",
      );
      expect(deployments.sort()).to.deep.equal(Object.keys(expected.services).sort());
    });

    for (const [id, [name, hasIngress]] of Object.entries(expected.services)) {
      it(`runs ${id} as "${name}" twice, by digest, with probes, limits and a restricted context`, () => {
        const deployment = manifests(resources, "Deployment").get(id)!;
        expect(deployment.spec.replicas).to.equal(2);
        expect(env(deployment)).to.deep.equal({ PORT: "5000", NAME: name, CLUSTER: stack });
        const {
          image,
          livenessProbe,
          readinessProbe,
          resources: { limits, requests },
          securityContext,
        } = container(deployment);
        expect(image).to.equal(`localhost:${expected.port + 5000}/identity@${digest}`);
        expect(livenessProbe).to.have.nested.property("httpGet.path", "/healthz");
        expect(readinessProbe).to.have.nested.property("httpGet.path", "/readyz");
        expect(limits).to.include.keys("cpu", "memory");
        expect(requests).to.include.keys("cpu", "memory");
        expect(securityContext).to.deep.include({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          runAsNonRoot: true,
          capabilities: { drop: ["ALL"] },
        });
        expect(podSpec(deployment).automountServiceAccountToken).to.equal(false);
      });

      it(`gives ${id} a Service on ports 80 and 5000 to its own pods' 5000`, () => {
        const { spec } = manifests(resources, "Service").get(id)!;
        const deployment = manifests(resources, "Deployment").get(id)!;
        expect(spec.ports).to.deep.equal([
          { name: "http", port: 80, targetPort: 5000 },
          { name: "http-direct", port: 5000, targetPort: 5000 },
        ]);
        expect(spec.selector).to.deep.equal((deployment.spec.selector as { matchLabels: unknown }).matchLabels);
        expect((deployment.spec.template as Manifest).metadata.labels).to.include(spec.selector);
      });

      it(`${hasIngress ? "gives" : "does not give"} ${id} an Ingress`, () => {
        expect(manifests(resources, "Ingress").has(id)).to.equal(hasIngress);
      });

      it(`lets at most one pod of ${id} be evicted`, () => {
        expect(manifests(resources, "PodDisruptionBudget").get(id)!.spec.maxUnavailable).to.equal(1);
      });
    }

    it("denies all traffic by default in every namespace of services, then allows what they need", () => {
      const policies = manifests(resources, "NetworkPolicy");
      for (const namespace of expected.namespaces) {
        expect(policies.get(`${namespace}/deny-by-default`)!.spec).to.deep.equal({
          podSelector: {},
          policyTypes: ["Ingress", "Egress"],
        });
        expect(policies.get(`${namespace}/allow-services`)!.spec.ingress).to.deep.equal([
          { from: [{ namespaceSelector: {} }], ports: [{ protocol: "TCP", port: 5000 }] },
        ]);
        expect(policies.has(`${namespace}/allow-dns`)).to.equal(true);
      }
    });

    it("promises its URLs, its context and its services", async () => {
      expect(outputs.url).to.equal(expected.port === 80 ? "http://localhost" : `http://localhost:${expected.port}`);
      expect(await valueOf(outputs.exposedUrl)).to.equal(`http://${expected.cluster}-control-plane`);
      expect(await valueOf(outputs.context)).to.equal(`kind-${expected.cluster}`);
      expect(outputs.services.map(({ namespace, name }) => `${namespace}/${name}`).sort()).to.deep.equal(
        Object.keys(expected.services).sort(),
      );
    });

    it("keeps the kubeconfig a secret", async () => {
      expect(await pulumi.isSecret(outputs.kubeconfig)).to.equal(true);
    });
  });
}

describe("the link to another cluster", () => {
  afterEach(() => stackOutputs.clear());

  const withPeer = (peer: Partial<StackConfig["peers"][number]>): StackConfig => ({
    ...configOf("development"),
    peers: [{ ...configOf("development").peers[0]!, ...peer }],
  });
  const alias = "test-namespace/cluster2-service1";
  const staging = "organization/identity/staging";

  it("is an ExternalName to the node of the other cluster", async () => {
    stackOutputs.set(staging, { exposedUrl: "http://cluster2-control-plane" });
    const { resources, result } = await deployWithMocks(configOf("development"));
    expect(manifests(resources, "Service").get(alias)!.spec).to.deep.include({
      type: "ExternalName",
      externalName: "cluster2-control-plane",
    });
    expect(result.peers).to.have.length(1);
    expect(result.peers[0]).to.include({
      alias: "cluster2-service1",
      stack: "staging",
      url: "http://cluster2-control-plane",
      way: "externalName",
    });
  });

  it("is a Service with an EndpointSlice to an address", async () => {
    stackOutputs.set(staging, { exposedUrl: "http://192.0.2.7:8080" });
    const { resources } = await deployWithMocks(configOf("development"));
    expect(manifests(resources, "Service").get(alias)!.spec).to.include({ type: "ClusterIP" });
    expect(manifests(resources, "EndpointSlice").get(alias)).to.deep.include({
      addressType: "IPv4",
      endpoints: [{ addresses: ["192.0.2.7"], conditions: { ready: true } }],
    });
    expect(manifests(resources, "EndpointSlice").get(alias)).to.have.nested.property("ports[0].port", 8080);
  });

  it("is a proxy to a URL with TLS, whose pods are restricted too", async () => {
    stackOutputs.set(staging, { exposedUrl: "https://fleet.example.com" });
    const { resources } = await deployWithMocks(configOf("development"));
    const proxy = manifests(resources, "Deployment").get(alias)!;
    expect(JSON.stringify(proxy.spec)).to.contain('peer: * -> \\"https://fleet.example.com\\"');
    expect(container(proxy).securityContext).to.deep.include({
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
    });
    expect(manifests(resources, "Service").get(alias)!.spec).to.deep.include({
      selector: { "app.kubernetes.io/name": "cluster2-service1" },
    });
  });

  it("gives the proxy an authority of its own, under a name that changes with it", async () => {
    const configMapFor = async (caCertificate: string) => {
      const { resources } = await deployWithMocks(
        withPeer({ stack: undefined, url: "https://fleet.example.com", caCertificate }),
      );
      const spec = podSpec(manifests(resources, "Deployment").get(alias)!) as unknown as {
        volumes: { configMap: { name: string } }[];
      };
      const name = spec.volumes[0]!.configMap.name;
      expect(manifests(resources, "ConfigMap").get(`test-namespace/${name}`)).to.deep.include({
        data: { "ca.crt": caCertificate },
        immutable: true,
      });
      return name;
    };
    expect(await configMapFor("one")).not.to.equal(await configMapFor("two"));
  });

  it("refuses an authority for a target without TLS", async () => {
    stackOutputs.set(staging, { exposedUrl: "http://cluster2-control-plane" });
    const failure = await failureOf(deployWithMocks(withPeer({ caCertificate: "one" })));
    expect(failure?.message).to.contain("caCertificate is for https");
  });

  it("lets the services call the port of the target", async () => {
    stackOutputs.set(staging, { exposedUrl: "http://192.0.2.7:8080" });
    const { resources } = await deployWithMocks(configOf("development"));
    expect(manifests(resources, "NetworkPolicy").get("test-namespace/allow-peers")!.spec.egress).to.deep.equal([
      { ports: [{ protocol: "TCP", port: 8080 }] },
    ]);
  });

  it("is not known yet in a preview while the peer is not up", async () => {
    const { resources, result } = await deployWithMocks(configOf("development"), { preview: true });
    expect(manifests(resources, "Service").get(alias)!.spec.type).to.equal("ExternalName");
    expect(result.peers[0]).to.include({ way: "unknown" });
    expect(result.peers[0]).not.to.have.property("url");
  });

  it("stops an update before it changes anything while the peer is not up", async () => {
    const failure = await failureOf(deployWithMocks(configOf("development")));
    expect(failure?.message).to.contain("peers[0] (cluster2-service1)").and.to.contain("npm run up -- staging");
  });

  it("is left out, and said to be, where the configuration allows it", async () => {
    const { resources, result } = await deployWithMocks(withPeer({ whenAbsent: "omit" }));
    expect(manifests(resources, "Service").has(alias)).to.equal(false);
    expect(result.peers[0]).to.include({ way: "omitted" });
  });

  it("refuses a URL that means something else in another cluster", async () => {
    stackOutputs.set(staging, { exposedUrl: "http://localhost:81" });
    const failure = await failureOf(deployWithMocks(configOf("development")));
    expect(failure?.message).to.contain("localhost");
  });
});
