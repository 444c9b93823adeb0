import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { ingressNamespace } from "../../config/cluster-config.ts";
import type { StackConfig } from "../../config/stack-config.ts";
import type { Owner } from "../../infra/ownership/owner.ts";
import { contract } from "../support/contract.ts";
import { failureOf } from "../support/failure.ts";
import {
  configOf,
  deployWithMocks,
  digest,
  exposeNothing,
  exposeStaging,
  type Manifest,
  manifests,
  ofType,
  type Registered,
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

for (const [stack, expected] of Object.entries(contract)) {
  const { registryPort } = expected;
  const services = expected.services.map((service) => ({
    ...service,
    id: `${service.namespace}/${service.deployment}`,
  }));
  const ids = services.map(({ id }) => id).sort();

  describe(`the program of the stack ${stack}`, () => {
    let resources: Registered[];
    let outputs: Awaited<ReturnType<typeof deployWithMocks>>["result"];

    before(async () => {
      exposeStaging();
      ({ resources, result: outputs } = await deployWithMocks(configOf(stack)));
    });

    it(`${stack} makes a kind cluster with its own port, and no workers`, () => {
      const [cluster] = ofType(resources, "Cluster");
      expect(cluster!.inputs).to.include({
        name: expected.cluster,
        httpPort: expected.port,
        workers: 0,
      });
      const { owner } = cluster!.inputs as { owner: Owner };
      expect(owner).to.include({ fleet: "the-fleet", project: "identity", stack });
    });

    it(`${stack} makes a registry that its cluster knows`, () => {
      const [registry] = ofType(resources, "Registry");
      expect(registry!.inputs).to.include({
        name: `${expected.cluster}-registry`,
        port: registryPort,
        network: "kind",
      });
      expect(ofType(resources, "Cluster")[0]!.inputs).to.have.deep.property("registry", {
        host: `localhost:${registryPort}`,
        endpoint: `http://${expected.cluster}-registry:5000`,
      });
    });

    it(`${stack} binds every Kubernetes resource to the provider of its own cluster`, () => {
      const [provider] = resources.filter(({ type }) => type === "pulumi:providers:kubernetes");
      expect(provider!.inputs).to.include({ clusterIdentifier: "one" });
      const inCluster = resources.filter(({ type }) => type.startsWith("kubernetes:"));
      expect(inCluster).not.to.be.empty;
      for (const { provider: used, name } of inCluster)
        expect(used, name).to.match(new RegExp(`::${expected.cluster}::`));
    });

    it(`${stack} labels every Kubernetes resource, and takes fields over that others have changed`, () => {
      const inCluster = resources.filter(({ type }) => type.startsWith("kubernetes:"));
      for (const { inputs, name } of inCluster) {
        const { metadata } = inputs as Manifest;
        expect(metadata.labels, name).to.include({ "app.kubernetes.io/part-of": "fleet" });
        expect(metadata.annotations, name).to.include({
          "pulumi.com/patchForce": "true",
          "pulumi.com/patchFieldManager": "kind-fleet",
        });
      }
    });

    it(`${stack} has nothing in its pods' templates that would roll them out for how they are applied`, () => {
      for (const [id, { spec }] of manifests(resources, "Deployment")) {
        expect((spec.template as Manifest).metadata, id).to.have.all.keys("labels");
      }
    });

    it(`${stack} makes its namespaces, and enforces the restricted standard in each`, () => {
      const namespaces = manifests(resources, "Namespace");
      expect([...namespaces.keys()].sort()).to.deep.equal(
        ["skipper-ingress", ...expected.namespaces].map((name) => `/${name}`).sort(),
      );
      for (const { metadata } of namespaces.values())
        expect(metadata.labels).to.include({ "pod-security.kubernetes.io/enforce": "restricted" });
    });

    it(`${stack} deploys its services, and no others`, () => {
      const deployments = [...manifests(resources, "Deployment").keys()].filter(
        (id) => id !== `${ingressNamespace}/skipper`,
      );
      expect(deployments.sort()).to.deep.equal(ids);
    });

    for (const { id, name, ingress } of services) {
      it(`${stack} runs two pods of ${id} as ${name}, by digest, with probes, limits and a restricted context`, () => {
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
        expect(image).to.equal(`localhost:${registryPort}/identity@${digest}`);
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

      it(`${stack} makes a Service for ${id}, whose ports 80 and 5000 lead to port 5000 of its pods`, () => {
        const { spec } = manifests(resources, "Service").get(id)!;
        const deployment = manifests(resources, "Deployment").get(id)!;
        expect(spec.ports).to.deep.equal([
          { name: "http", port: 80, targetPort: 5000 },
          { name: "http-direct", port: 5000, targetPort: 5000 },
        ]);
        expect(spec.selector).to.deep.equal((deployment.spec.selector as { matchLabels: unknown }).matchLabels);
        expect((deployment.spec.template as Manifest).metadata.labels).to.include(spec.selector);
      });

      it(`${stack} makes ${ingress ? "an" : "no"} Ingress for ${id}`, () => {
        expect(manifests(resources, "Ingress").has(id)).to.equal(ingress);
      });

      it(`${stack} lets at most one pod of ${id} be evicted at a time`, () => {
        expect(manifests(resources, "PodDisruptionBudget").get(id)!.spec.maxUnavailable).to.equal(1);
      });
    }

    it(`${stack} denies all traffic by default in the namespaces of services, and allows what services need`, () => {
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

    it(`the outputs of ${stack} have its URLs, its context and its services`, async () => {
      expect(outputs.url).to.equal(expected.port === 80 ? "http://localhost" : `http://localhost:${expected.port}`);
      expect(await valueOf(outputs.exposedUrl)).to.equal(`http://${expected.cluster}-control-plane`);
      expect(await valueOf(outputs.context)).to.equal(`kind-${expected.cluster}`);
      expect(outputs.services.map(({ namespace, name }) => `${namespace}/${name}`).sort()).to.deep.equal(ids);
    });

    it(`the outputs of ${stack} hold nothing secret, since other stacks' states copy them`, async () => {
      expect(outputs).not.to.have.property("kubeconfig");
      for (const [name, value] of Object.entries(outputs)) {
        expect(await pulumi.isSecret(pulumi.output(value as string)), name).to.equal(false);
      }
    });
  });
}

describe("an autoscaled service", () => {
  it("an autoscaled service begins with two pods, and its Deployment keeps the field manager that it has", async () => {
    exposeStaging();
    const config = configOf("staging");
    const services = config.services.map((service) => ({ ...service, replicas: "autoscaled" as const }));
    const { resources } = await deployWithMocks({ ...config, services });
    exposeNothing();
    const deployment = manifests(resources, "Deployment").get("test-namespace/identity")!;
    expect(deployment.spec.replicas).to.equal(2);
    expect(deployment.metadata.annotations).to.include({ "pulumi.com/patchForce": "true" });
    expect(deployment.metadata.annotations).not.to.have.any.keys("pulumi.com/patchFieldManager");
    expect(manifests(resources, "PodDisruptionBudget").has("test-namespace/identity")).to.equal(true);
  });
});

describe("a link to another cluster", () => {
  afterEach(() => exposeNothing());

  const withPeer = (peer: Partial<StackConfig["peers"][number]>): StackConfig => ({
    ...configOf("development"),
    peers: [{ ...configOf("development").peers[0]!, ...peer }],
  });
  const alias = "test-namespace/cluster2-service1";

  it("a link to a cluster of the fleet is an ExternalName of its node", async () => {
    exposeStaging();
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

  it("a link to an address is a Service with an EndpointSlice", async () => {
    exposeStaging("http://192.0.2.7:8080");
    const { resources } = await deployWithMocks(configOf("development"));
    expect(manifests(resources, "Service").get(alias)!.spec).to.include({ type: "ClusterIP" });
    expect(manifests(resources, "EndpointSlice").get(alias)).to.deep.include({
      addressType: "IPv4",
      endpoints: [{ addresses: ["192.0.2.7"], conditions: { ready: true } }],
    });
    expect(manifests(resources, "EndpointSlice").get(alias)).to.have.nested.property("ports[0].port", 8080);
  });

  it("a link to an https URL is a proxy, whose pods are restricted too", async () => {
    exposeStaging("https://fleet.example.com");
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

  it("a link's certificate authority is in a ConfigMap of its proxy, whose name changes with the certificate", async () => {
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

  it("a link without TLS is refused when it has a certificate authority", async () => {
    exposeStaging();
    const failure = await failureOf(deployWithMocks(withPeer({ caCertificate: "one" })));
    expect(failure?.message).to.contain("caCertificate is for https");
  });

  const egress = (resources: Registered[], id: string) => manifests(resources, "NetworkPolicy").get(id)?.spec.egress;
  const anywhere = { ipBlock: { cidr: "0.0.0.0/0", except: ["169.254.0.0/16"] } };

  it("the network policy of services lets them call the address and the port of a link, and nothing else", async () => {
    exposeStaging("http://192.0.2.7:8080");
    const { resources } = await deployWithMocks(configOf("development"));
    for (const namespace of ["test-namespace", "service2"]) {
      expect(egress(resources, `${namespace}/allow-peers`)).to.deep.equal([
        { to: [{ ipBlock: { cidr: "192.0.2.7/32" } }], ports: [{ protocol: "TCP", port: 8080 }] },
      ]);
    }
  });

  it("the network policy of services lets them call the port of a name, but no link-local address", async () => {
    exposeStaging();
    const { resources } = await deployWithMocks(configOf("development"));
    const ports = [{ protocol: "TCP", port: 80 }];
    expect(egress(resources, "test-namespace/allow-peers")).to.deep.equal([{ to: [anywhere], ports }]);
    const dual = {
      ...configOf("development"),
      cluster: { ...configOf("development").cluster, ipFamily: "dual" as const },
    };
    const { resources: ofDual } = await deployWithMocks(dual);
    expect(egress(ofDual, "test-namespace/allow-peers")).to.deep.equal([
      { to: [anywhere, { ipBlock: { cidr: "::/0", except: ["fe80::/10"] } }], ports },
    ]);
  });

  it("only a proxy's own pods may call its target", async () => {
    exposeStaging("https://fleet.example.com");
    const { resources } = await deployWithMocks(configOf("development"));
    expect(egress(resources, "test-namespace/allow-peers")).to.equal(undefined);
    const policy = manifests(resources, "NetworkPolicy").get(alias)!;
    expect(policy.spec).to.deep.equal({
      podSelector: { matchLabels: { "app.kubernetes.io/name": "cluster2-service1" } },
      policyTypes: ["Egress"],
      egress: [{ to: [anywhere], ports: [{ protocol: "TCP", port: 443 }] }],
    });
  });

  describe("to a service of another stack", () => {
    const shop = { name: "web", namespace: "shop", url: "http://web.shop.svc" };
    const prove = { path: "/health", status: 200 };
    const linkTo = async (ingress: object | undefined, peer: object = {}) => {
      exposeStaging(undefined, [{ ...shop, ingress, prove }]);
      return deployWithMocks(withPeer({ service: "shop/web", ...peer }));
    };

    it("a link to a service without a host is made as to its whole cluster, and its proof is that service's own", async () => {
      const { result } = await linkTo({ path: "/shop" });
      expect(result.peers[0]).to.deep.include({ way: "externalName", service: "shop/web", basePath: "/shop", prove });
    });

    it("a link to a service with a host is a proxy that sends it", async () => {
      const { resources, result } = await linkTo({ host: "shop.localhost", path: "/" });
      expect(result.peers[0]).to.deep.include({ way: "proxy", host: "shop.localhost", prove });
      expect(container(manifests(resources, "Deployment").get(alias)!))
        .to.have.property("args")
        .that.includes(
          '-inline-routes=peer: * -> setRequestHeader("Host", "shop.localhost") -> "http://cluster2-control-plane"',
        );
    });

    it("a link to a service without an ingress is refused, with what to write where", async () => {
      const failure = await failureOf(linkTo(undefined));
      expect(failure?.message).to.contain('"shop/web" has no ingress').and.to.contain("Pulumi.staging.yaml");
    });

    it("a link to a service for many hosts needs the one to send", async () => {
      const wildcard = { host: "*.example.com", path: "/" };
      expect((await failureOf(linkTo(wildcard)))?.message).to.contain("host: www.example.com");
      const { result } = await linkTo(wildcard, { host: "a.example.com" });
      expect(result.peers[0]).to.include({ host: "a.example.com" });
    });

    it("a link to a service that its stack was brought up without is one to a stack that is not up", async () => {
      const missing = { service: "shop/other" };
      expect((await failureOf(linkTo(undefined, missing)))?.message).to.contain("npm run up -- staging");
      const { result } = await linkTo(undefined, { ...missing, whenAbsent: "omit" });
      expect(result.peers[0]).to.include({ way: "omitted" });
    });
  });

  it("a link whose stack the backend has never heard of is left out where the configuration allows it", async () => {
    const elsewhere = { stack: "acme/other/prod", localStack: undefined, whenAbsent: "omit" as const };
    const { result } = await deployWithMocks(withPeer(elsewhere), { unknownStacks: true });
    expect(result.peers[0]).to.include({ way: "omitted" });
    const failure = await failureOf(
      deployWithMocks(withPeer({ ...elsewhere, whenAbsent: "fail" }), { unknownStacks: true }),
    );
    expect(failure?.message).to.contain("stack acme/other/prod is not up").and.to.contain("Bring up acme/other/prod");
  });

  it("a link's target is not known yet in a preview while the peer is not up", async () => {
    const { resources, result } = await deployWithMocks(configOf("development"), { preview: true });
    expect(manifests(resources, "Service").get(alias)!.spec.type).to.equal("ExternalName");
    expect(result.peers[0]).to.include({ way: "unknown" });
    expect(result.peers[0]).not.to.have.property("url");
  });

  it("a link to a peer that is not up stops an update before it changes anything", async () => {
    const failure = await failureOf(deployWithMocks(configOf("development")));
    expect(failure?.message).to.contain("peers[0] (cluster2-service1)").and.to.contain("npm run up -- staging");
  });

  it("a link to a stack that is brought up beside it leads to what that one's file says", async () => {
    const staging = configOf("staging");
    const together = new Map([["staging", staging]]);
    const { resources, result } = await deployWithMocks(configOf("development"), { together });
    expect(manifests(resources, "Service").get(alias)!.spec.externalName).to.equal("cluster2-control-plane");
    expect(result.peers[0]).to.include({ way: "externalName", url: "http://cluster2-control-plane" });
    // The reference stays in the state, so that bringing one stack up alone changes nothing.
    expect(ofType(resources, "StackReference")).to.have.length(1);
    // A stack's outputs say the same once it is up.
    const other = await deployWithMocks(staging);
    expect(await valueOf(other.result.exposedUrl)).to.equal("http://cluster2-control-plane");
    const elsewhere = new Map([["staging", { ...staging, exposedUrl: "http://192.0.2.1:8080" }]]);
    const moved = await deployWithMocks(configOf("development"), { together: elsewhere });
    expect(moved.result.peers[0]).to.include({ way: "endpoints", url: "http://192.0.2.1:8080" });
  });

  it("a link to a peer that is not up is left out, and reported so, where the configuration allows it", async () => {
    const { resources, result } = await deployWithMocks(withPeer({ whenAbsent: "omit" }));
    expect(manifests(resources, "Service").has(alias)).to.equal(false);
    expect(result.peers[0]).to.include({ way: "omitted" });
  });

  it("a link is refused when its URL means something else in another cluster", async () => {
    exposeStaging("http://localhost:81");
    const failure = await failureOf(deployWithMocks(configOf("development")));
    expect(failure?.message).to.contain("localhost");
  });
});
