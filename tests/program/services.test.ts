import { expect } from "chai";
import { parseStackConfig } from "../../config/stack-config.ts";
import { deployWithMocks, digest, type Manifest, manifests, ofType, valueOf } from "../support/mocks.ts";

interface PodSpec {
  containers: Record<string, unknown>[];
  securityContext: Record<string, unknown>;
  volumes?: unknown;
}

const cluster = { name: "shop", httpPort: 8080 };
const project = "identity";
const program = (services: object[], more: object = {}) =>
  deployWithMocks(parseStackConfig({ cluster, services, ...more }, { stack: "shop", project }));
const podOf = (deployment: Manifest | undefined) => (deployment!.spec.template as { spec: PodSpec }).spec;

const web = {
  name: "web",
  namespace: "shop",
  build: "examples/node-web",
  port: 3000,
  env: { LOG_LEVEL: "debug" },
  probes: { path: "/health" },
  files: { "/etc/node-web/config.json": "examples/node-web/config.json" },
  writable: ["/tmp"],
  ingress: { host: "shop.localhost", path: "/web" },
};

describe("a service of any kind", () => {
  it("a roll-out's deadline is that of the service, or of the defaults", async () => {
    const deadline = async (service: object, more: object = {}) => {
      const { resources } = await program([{ name: "web", namespace: "shop", ...service }], more);
      return manifests(resources, "Deployment").get("shop/web")!.spec.progressDeadlineSeconds;
    };
    const defaults = { progressDeadlineSeconds: 300 };
    expect(await deadline({}, { defaults })).to.equal(300);
    expect(await deadline({ progressDeadlineSeconds: 600 }, { defaults })).to.equal(600);
  });

  it("a built service gets its own image by digest, its port, variables, probes, files and folders", async () => {
    const { resources } = await program([web]);
    const pod = podOf(manifests(resources, "Deployment").get("shop/web"));
    const [container] = pod.containers;
    expect(container!.image).to.match(new RegExp(`^localhost:13080/node-web-[0-9a-f]{8}@${digest}$`));
    expect(container!.env).to.deep.equal([
      { name: "PORT", value: "3000" },
      { name: "LOG_LEVEL", value: "debug" },
    ]);
    const probe = { httpGet: { path: "/health", port: 3000 } };
    expect(container!.readinessProbe).to.deep.include(probe);
    expect(container!.livenessProbe).to.deep.include(probe);
    expect(container!.lifecycle).to.deep.equal({ preStop: { sleep: { seconds: 5 } } });
    expect(container!.volumeMounts).to.deep.equal([
      { name: "writable-0", mountPath: "/tmp" },
      { name: "files", mountPath: "/etc/node-web/config.json", subPath: "0-config.json", readOnly: true },
    ]);
    expect(manifests(resources, "Service").get("shop/web")!.spec.ports).to.deep.equal([
      { name: "http", port: 80, targetPort: "http" },
      { name: "http-direct", port: 3000, targetPort: "http" },
    ]);
    // Another name for other ports: the policy of the ports before stays until all pods are replaced.
    const [policy] = [...manifests(resources, "NetworkPolicy")].filter(([name]) =>
      /^shop\/allow-services-[0-9a-f]{8}$/.test(name),
    );
    expect(policy?.[1].spec.ingress).to.deep.equal([
      { from: [{ namespaceSelector: {} }], ports: [{ protocol: "TCP", port: 3000 }] },
    ]);
    // The image's own user, who must not be root.
    expect(pod.securityContext).to.deep.include({ runAsNonRoot: true }).and.not.have.property("runAsUser");
  });

  it("services with the same source share one image", async () => {
    const { resources } = await program([
      web,
      { ...web, name: "web2", ingress: false },
      { ...web, name: "web3", build: "examples/go-api", ingress: false },
    ]);
    const names = ofType(resources, "Image").map(({ name }) => name.replace(/-[0-9a-f]{8}$/, ""));
    expect(names.sort()).to.deep.equal(["go-api", "identity", "node-web"]);
  });

  it("a secret variable is in a Secret and nowhere else, and the pods refer to it", async () => {
    const { resources } = await program([{ ...web, secretEnv: { API_KEY: { secure: "hunter2" } } }]);
    const [secret] = ofType(resources, "Secret");
    expect(secret!.inputs).to.have.nested.property("metadata.namespace", "shop");
    expect(secret!.inputs).not.to.have.nested.property("metadata.name");
    const container = podOf(manifests(resources, "Deployment").get("shop/web")).containers[0]!;
    const env = container.env as { name: string; valueFrom?: { secretKeyRef: { key: string } } }[];
    expect(env.at(-1)).to.have.nested.property("valueFrom.secretKeyRef.key", "API_KEY");
    const others = resources.filter((resource) => resource !== secret);
    expect(JSON.stringify(others)).not.to.contain("hunter2");
  });

  it("baseline is for the namespace of a service that asks for it, and for that service only", async () => {
    const { resources } = await program([
      { ...web, security: "baseline" },
      { ...web, name: "web2", ingress: false },
      { ...web, namespace: "other", ingress: false },
    ]);
    const enforced = (name: string) =>
      manifests(resources, "Namespace").get(`/${name}`)!.metadata.labels!["pod-security.kubernetes.io/enforce"];
    expect([enforced("shop"), enforced("other")]).to.deep.equal(["baseline", "restricted"]);
    expect(podOf(manifests(resources, "Deployment").get("shop/web")).securityContext).not.to.have.property(
      "runAsNonRoot",
    );
    expect(podOf(manifests(resources, "Deployment").get("shop/web2")).securityContext).to.include({
      runAsNonRoot: true,
    });
  });

  it("a service without ports has neither a Service nor probes, and one with several has them all", async () => {
    const ports = [
      { name: "grpc", port: 9000 },
      { name: "dns", port: 53, protocol: "UDP" },
    ];
    const { resources } = await program([
      { name: "worker", namespace: "shop", image: "worker:1", ports: [] },
      { name: "many", namespace: "shop", image: "many:1", ports },
    ]);
    expect(manifests(resources, "Service").has("shop/worker")).to.equal(false);
    expect(manifests(resources, "Service").get("shop/many")!.spec.ports).to.deep.equal([
      { name: "grpc", port: 80, targetPort: "grpc" },
      { name: "grpc-direct", port: 9000, targetPort: "grpc" },
      { name: "dns", port: 53, targetPort: "dns", protocol: "UDP" },
    ]);
    expect(podOf(manifests(resources, "Deployment").get("shop/worker")).containers[0]).not.to.have.property(
      "readinessProbe",
    );
  });

  it("what a service may call outside the cluster is in a policy of its own pods", async () => {
    const { resources } = await program([{ ...web, egress: [{ to: "203.0.113.7", port: 5432 }] }]);
    expect(manifests(resources, "NetworkPolicy").get("shop/web-egress")!.spec).to.deep.equal({
      podSelector: { matchLabels: { "app.kubernetes.io/name": "web" } },
      policyTypes: ["Egress"],
      egress: [{ to: [{ ipBlock: { cidr: "203.0.113.7/32" } }], ports: [{ protocol: "TCP", port: 5432 }] }],
    });
  });

  it("an identity service behind a path serves its routes below it", async () => {
    const { resources } = await program([{ name: "identity", namespace: "shop", ingress: { path: "/other" } }]);
    const env = podOf(manifests(resources, "Deployment").get("shop/identity")).containers[0]!.env;
    expect(env).to.deep.include({ name: "BASE_PATH", value: "/other" });
  });

  it("the outputs tell of an image that the stack does not build", async () => {
    const { result } = await program([{ name: "worker", namespace: "shop", image: "worker:1", ports: [] }]);
    expect(await valueOf(result.services)).to.have.nested.property("[0].image", "worker:1");
  });
});
