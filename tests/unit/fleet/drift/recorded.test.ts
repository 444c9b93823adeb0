import { expect } from "chai";
import { recordedIn } from "../../../../fleet/drift/recorded.ts";
import { deployment } from "./objects.ts";

const image = (reference: string) => ({
  urn: "urn:pulumi:staging::identity::fleet:index:ServiceImage$docker:index/image:Image::identity",
  type: "docker:index/image:Image",
  outputs: { repoDigest: reference },
});
const registry = {
  urn: "urn:registry",
  type: "pulumi-nodejs:dynamic/kind:Registry",
  outputs: { name: "cluster2-registry", host: "localhost:5081", container: "c0ffee" },
};

describe("recordedIn", () => {
  it("a state that is empty has nothing to compare", () => {
    expect(recordedIn([])).to.deep.equal({ cluster: undefined, objects: [], images: [] });
  });

  it("a cluster is found whatever it is, with the command by which people look into it", () => {
    const kind = { name: "cluster2", incarnation: "c0ffee" };
    const existing = {
      context: "prod",
      kubeconfig: "/eu.yaml",
      server: "https://eu.example.com",
      uid: "1",
      stack: "eu",
    };
    const found = (type: string, outputs: object, access?: { context: string; kubeconfig: string }) =>
      recordedIn([{ urn: "urn:cluster", type: `pulumi-nodejs:dynamic/${type}`, outputs: { ...outputs } }], access)
        .cluster;
    expect(found("kind:Cluster", kind)?.kubectlCommand).to.equal("kubectl --context kind-cluster2");
    expect(found("existing:Cluster", existing)?.kubectlCommand).to.equal(
      "kubectl --kubeconfig /eu.yaml --context prod",
    );
    const now = { context: "production", kubeconfig: "/new.yaml" };
    expect(found("existing:Cluster", existing, now)?.kubectlCommand).to.equal(
      "kubectl --kubeconfig /new.yaml --context production",
    );
    expect(found("kind:Cluster", kind, now)?.kubectlCommand).to.equal("kubectl --context kind-cluster2");
  });

  it("Kubernetes objects are found, with their uids", () => {
    const { urn, inputs, outputs } = deployment;
    const type = "kubernetes:apps/v1:Deployment";
    expect(recordedIn([{ urn, type, inputs, outputs }]).objects).to.deep.equal([deployment]);
  });

  it("providers, components, and what is only waiting to be deleted are no objects", () => {
    const { urn, inputs, outputs } = deployment;
    const resources = [
      { urn: "urn:provider", type: "pulumi:providers:kubernetes", inputs: {}, outputs: {} },
      { urn: "urn:component", type: "fleet:index:Microservice" },
      { urn, type: "kubernetes:apps/v1:Deployment", inputs, outputs, delete: true },
    ];
    expect(recordedIn(resources).objects).to.deep.equal([]);
  });

  it("images count that were pushed to the stack's own registry", () => {
    const own = `localhost:5081/identity@sha256:${"a".repeat(64)}`;
    expect(recordedIn([registry, image(own)]).images.map(({ reference }) => reference)).to.deep.equal([own]);
    expect(recordedIn([registry, image("example.com/identity@sha256:1")]).images).to.deep.equal([]);
    expect(recordedIn([image(own)]).images).to.deep.equal([]);
  });
});
