import { expect } from "chai";
import { parseStackConfig } from "../../config/stack-config.ts";
import type { ClusterFacts } from "../../infra/existing/cluster-facts.ts";
import { ownName } from "../../infra/existing/make-existing-cluster.ts";
import {
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

const facts: ClusterFacts = {
  kubeconfig: "the-kubeconfig",
  server: "https://eu.example.com:6443",
  uid: "the-uid",
  namespaces: new Map([["shop", undefined]]),
  usedNamespaces: ["shop", "own"],
};
const services = [
  { name: "web", namespace: "shop", ingress: true },
  { name: "inner", namespace: "own" },
];
const registry = { host: "registry.example.com/acme" };
const configFor = (cluster: object, rest: object = {}) =>
  parseStackConfig(
    { cluster: { context: "prod", registry, ...cluster }, services, exposedUrl: "https://eu.example.com", ...rest },
    { stack: "prod", project: "identity" },
  );
const deployOn = (cluster: object = {}, rest: object = {}, found: Partial<ClusterFacts> = {}) =>
  deployWithMocks(configFor(cluster, rest), { surroundings: { clusterFacts: { ...facts, ...found } } });
const namespacesOf = (resources: readonly Registered[]) =>
  ofType(resources, "Namespace").map(({ inputs }) => (inputs as { name: string }).name);
const podSpec = (manifest: Manifest) =>
  (
    manifest.spec.template as {
      spec: { imagePullSecrets?: object[]; containers: { image: string; args?: string[] }[] };
    }
  ).spec;

describe("the program on a cluster that exists", () => {
  afterEach(() => exposeNothing());

  it("makes no cluster, no registry and no controller, and remembers the cluster by the uid of kube-system", async () => {
    const { resources, result } = await deployOn();
    for (const { type } of resources)
      expect(type).not.to.match(/kind:(Cluster|Mark|Registry)$|IngressController|RegistryHint/);
    expect(ofType(resources, "Cluster").map(({ inputs }) => inputs as object)).to.deep.equal([
      { ...(ofType(resources, "Cluster")[0]!.inputs as object), context: "prod", server: facts.server, uid: "the-uid" },
    ]);
    expect(await valueOf(result.uid)).to.equal("the-uid");
    const [provider] = resources.filter(({ type }) => type === "pulumi:providers:kubernetes");
    expect(provider!.inputs).to.include({ clusterIdentifier: "the-uid" });
  });

  it("every object says whose it is, and pods' templates don't", async () => {
    const { resources } = await deployOn();
    const objects = resources.filter(({ type }) => type.startsWith("kubernetes:"));
    expect(objects).to.have.length.of.at.least(8);
    for (const { inputs, name } of objects) {
      const { metadata } = inputs as Manifest;
      expect(metadata.labels, name).to.include({ "kind-fleet.fleet": "the-fleet" });
      expect(metadata.annotations, name).to.include({ "kind-fleet.project": "identity", "kind-fleet.stack": "prod" });
    }
    const template = manifests(resources, "Deployment").get("shop/web")!.spec.template as Manifest;
    expect(template.metadata.labels).not.to.have.any.keys("kind-fleet.fleet");
  });

  it("all objects that have names are claimed before any of them is made", async () => {
    const { resources } = await deployOn();
    const [claim] = ofType(resources, "Claim");
    const { objects, namespaces } = claim!.inputs as { objects: Record<string, string>[]; namespaces: object };
    expect(objects).to.deep.include({ apiVersion: "apps/v1", kind: "Deployment", namespace: "shop", name: "web" });
    const named = resources.filter(
      ({ type, inputs }) => type.startsWith("kubernetes:") && (inputs as Manifest).metadata.name,
    );
    expect(objects).to.have.length(named.length);
    expect(namespaces).to.deep.equal({ used: ["shop", "own"], made: ["own"] });
    const first = resources.findIndex(
      ({ type }) => type.startsWith("kubernetes:") || type.includes("docker:index/image"),
    );
    expect(resources.indexOf(claim!)).to.be.lessThan(first);
  });

  it("a namespace that was there is used: it is not made, and gets no policy unless that is asked for", async () => {
    const policiesIn = (resources: Registered[], namespace: string) =>
      [...manifests(resources, "NetworkPolicy").keys()].filter((id) => id.startsWith(`${namespace}/`));
    const { resources } = await deployOn();
    expect(namespacesOf(resources)).to.deep.equal(["own"]);
    expect(policiesIn(resources, "shop")).to.deep.equal([]);
    expect(policiesIn(resources, "own")).to.include("own/deny-by-default");
    const { resources: all } = await deployOn({ policies: "all" });
    expect(policiesIn(all, "shop")).to.include("shop/deny-by-default");
    const { resources: none } = await deployOn({ policies: "none" });
    expect(policiesIn(none, "own")).to.deep.equal([]);
  });

  it("a namespace that the stack itself made before stays its own", async () => {
    const owner = { fleet: "the-fleet", project: "identity", stack: "prod" };
    const { resources } = await deployOn({}, {}, { namespaces: new Map([["shop", owner]]) });
    expect(namespacesOf(resources).sort()).to.deep.equal(["own", "shop"]);
    const other = new Map([["shop", { ...owner, stack: "other" }]]);
    expect(namespacesOf((await deployOn({}, {}, { namespaces: other })).resources)).to.deep.equal(["own"]);
  });

  it("images are pushed to the registry that is said, with the engine's login, and run by digest", async () => {
    const { resources } = await deployOn();
    const [image] = ofType(resources, "Image");
    expect(image!.inputs).to.include({ imageName: "registry.example.com/acme/identity:latest" });
    expect(image!.inputs).not.to.have.any.keys("registry");
    // Another checkout, at another place, has the same.
    expect((image!.inputs as { build: object }).build).to.include({ context: "../service/dist" });
    const spec = podSpec(manifests(resources, "Deployment").get("shop/web")!);
    expect(spec.containers[0]!.image).to.equal(`registry.example.com/acme/identity@${digest}`);
    expect(spec).not.to.have.any.keys("imagePullSecrets");
  });

  it("a user of the registry pushes, and every namespace gets a Secret to pull with, which its pods and proxies use", async () => {
    exposeStaging("https://staging.example.com");
    const user = { ...registry, user: "deploy", password: { secure: "geheim" } };
    const peers = [{ alias: "staging", namespace: "shop", stack: "staging" }];
    const { resources } = await deployOn({ registry: user }, { peers });
    const [image] = ofType(resources, "Image");
    expect(JSON.stringify(image!.inputs)).to.contain('"server":"registry.example.com"').and.to.contain("geheim");
    const secrets = ofType(resources, "Secret");
    expect(secrets.map(({ name }) => name).sort()).to.deep.equal(["own-registry", "shop-registry"]);
    expect(JSON.stringify(secrets[0]!.inputs)).to.contain(Buffer.from("deploy:geheim").toString("base64"));
    for (const id of ["shop/web", "own/inner", "shop/staging"]) {
      expect(podSpec(manifests(resources, "Deployment").get(id)!).imagePullSecrets, id).to.have.length(1);
    }
  });

  it("a Secret to pull with that is there already is used by its name", async () => {
    const { resources } = await deployOn({ registry: { ...registry, pullSecret: "pull" } });
    expect(ofType(resources, "Secret")).to.have.length(0);
    const spec = podSpec(manifests(resources, "Deployment").get("shop/web")!);
    expect(spec.imagePullSecrets).to.deep.equal([{ name: "pull" }]);
  });

  it("an Ingress names the class, the site's host, the certificate's Secret and the annotations that are said", async () => {
    const annotations = { "cert-manager.io/cluster-issuer": "letsencrypt" };
    const { resources } = await deployOn({ ingress: { class: "nginx", tlsSecret: "web-tls", annotations } });
    const { spec, metadata } = manifests(resources, "Ingress").get("shop/web")!;
    expect(spec).to.deep.include({
      ingressClassName: "nginx",
      tls: [{ hosts: ["eu.example.com"], secretName: "web-tls" }],
    });
    expect(spec).to.have.nested.property("rules[0].host", "eu.example.com");
    expect(metadata.annotations).to.include(annotations);
  });

  it("a kubeconfig that is a secret is in no output, and in no input but as a secret", async () => {
    const { resources, result } = await deployOn({ kubeconfig: { secure: "the-secret-kubeconfig" } });
    expect(result).to.include({ kubeconfig: "(secret)" });
    expect(JSON.stringify(result)).not.to.contain("the-secret-kubeconfig");
    for (const { name, type, inputs } of resources) {
      expect(JSON.stringify(inputs), `${type} ${name}`).not.to.contain("the-secret-kubeconfig");
    }
    const [cluster] = ofType(resources, "Cluster");
    expect(cluster!.inputs).to.include({ kubeconfig: "(secret)" });
  });

  it("a URL that is said is called by this machine and by other clusters; another one is that of the Ingress's address", async () => {
    const { result } = await deployOn();
    expect(await valueOf(result.url)).to.equal("https://eu.example.com");
    expect(await valueOf(result.exposedUrl)).to.equal("https://eu.example.com");
    const { result: unsaid } = await deployOn({}, { exposedUrl: undefined });
    expect(await valueOf(unsaid.exposedUrl)).to.equal("");
    expect(result).not.to.have.any.keys("kubeconfig");
  });

  it("a controller of the stack's own has a class, a namespace and cluster-wide names that no other stack has", async () => {
    const { resources } = await deployOn({ ingress: "ours" });
    const name = ownName("identity", "prod");
    for (const kind of ["ClusterRole", "ClusterRoleBinding", "IngressClass"]) {
      expect([...manifests(resources, kind).keys()], kind).to.deep.equal([`/${name}`]);
    }
    expect(namespacesOf(resources).sort()).to.deep.equal([name, "own"].sort());
    const { args } = podSpec(manifests(resources, "Deployment").get(`${name}/skipper`)!).containers[0]!;
    expect(args).to.include(`-kubernetes-ingress-class=^${name}$`);
    // It serves Ingresses without a class, too, which may be others', and so must not write into any.
    expect(args!.join(" ")).not.to.contain("status");
    expect(JSON.stringify(manifests(resources, "ClusterRole").get(`/${name}`))).not.to.contain("ingresses/status");
    expect(manifests(resources, "Ingress").get("shop/web")!.spec).to.include({ ingressClassName: name });
    expect(manifests(resources, "Service").get(`${name}/skipper`)!.spec).to.include({ type: "LoadBalancer" });
  });

  it("a controller of the stack's own is pulled as the services are, where its image is in the same registry", async () => {
    const user = { ...registry, user: "deploy", password: { secure: "geheim" } };
    const { resources } = await deployOn({ ingress: "ours", registry: user });
    const name = ownName("identity", "prod");
    expect(podSpec(manifests(resources, "Deployment").get(`${name}/skipper`)!).imagePullSecrets).to.have.length(1);
  });

  it("on a cluster with IPv6 alone, pods may call what has IPv6 addresses, and services name no domain", async () => {
    exposeStaging("http://staging-control-plane");
    const peers = [{ alias: "staging", namespace: "own", stack: "staging" }];
    const { resources, result } = await deployOn({ ipFamily: "ipv6" }, { peers });
    const { egress } = manifests(resources, "NetworkPolicy").get("own/allow-peers")!.spec as { egress: object[] };
    expect(egress).to.deep.equal([
      { to: [{ ipBlock: { cidr: "::/0", except: ["fe80::/10"] } }], ports: [{ protocol: "TCP", port: 80 }] },
    ]);
    expect(result.services.map(({ url }) => url)).to.deep.equal(["http://web.shop.svc", "http://inner.own.svc"]);
  });

  it("without a registry nothing is built, and images that exist run", async () => {
    const images = services.map((service) => ({ ...service, image: "registry.example.com/web:1" }));
    const { resources } = await deployOn({ registry: undefined }, { services: images });
    expect(ofType(resources, "Image")).to.have.length(0);
    expect(podSpec(manifests(resources, "Deployment").get("shop/web")!).containers[0]!.image).to.equal(
      "registry.example.com/web:1",
    );
  });

  it("a preview, which knows no fleet yet, declares the same", async () => {
    const { resources } = await deployWithMocks(configFor({}), {
      preview: true,
      surroundings: { clusterFacts: facts },
    });
    expect(manifests(resources, "Deployment").has("shop/web")).to.equal(true);
  });

  it("a link to a cluster whose certificate has an authority of its own trusts that one", async () => {
    exposeStaging("https://192.0.2.7:30443", [], "THE-AUTHORITY");
    const peers = [{ alias: "staging", namespace: "shop", stack: "staging" }];
    const { resources } = await deployOn({}, { peers });
    const authorities = [...manifests(resources, "ConfigMap").values()] as unknown as {
      data: Record<string, string>;
    }[];
    expect(authorities.map(({ data }) => data["ca.crt"])).to.deep.equal(["THE-AUTHORITY"]);
  });
});

describe("the plan against many clusters", () => {
  it("ten clusters are planned one like the other, each with its own names", async () => {
    const names = new Set<string>();
    for (let index = 0; index < 10; index++) {
      const stack = `prod-${index}`;
      const config = { ...configFor({ ingress: "ours" }), stack };
      const { resources } = await deployWithMocks(config, {
        surroundings: { clusterFacts: { ...facts, uid: `uid-${index}` } },
      });
      names.add([...manifests(resources, "ClusterRole").keys()][0]!);
    }
    expect(names.size).to.equal(10);
  });
});
