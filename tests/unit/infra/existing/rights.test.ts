import { expect } from "chai";
import {
  accessReviews,
  describeRights,
  rightsRefusedIn,
  lackingRights,
  neededRights,
  type Right,
} from "../../../../infra/existing/rights.ts";

const deployment = { apiVersion: "apps/v1", kind: "Deployment", namespace: "shop" };
const none = { used: [], made: [] };
const verbsOf = (rights: readonly Right[], resource: string) =>
  rights.filter((right) => right.resource === resource).map(({ verb }) => verb);

describe("neededRights", () => {
  it("an object is read, made, changed and deleted, in its own namespace, and each right is asked for once", () => {
    const policy = { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", namespace: "shop" };
    const rights = neededRights([policy, policy], none);
    expect(rights.map(({ verb }) => verb)).to.deep.equal(["get", "create", "patch", "delete"]);
    expect(rights[0]).to.deep.equal({
      verb: "get",
      group: "networking.k8s.io",
      resource: "networkpolicies",
      namespace: "shop",
    });
  });

  it("kinds have the plural names of the API", () => {
    const kinds = ["Ingress", "EndpointSlice", "PodDisruptionBudget", "IngressClass", "Service"];
    const rights = neededRights(
      kinds.map((kind) => ({ apiVersion: "v1", kind, namespace: "shop" })),
      none,
    );
    expect([...new Set(rights.map(({ resource }) => resource))]).to.deep.equal([
      "ingresses",
      "endpointslices",
      "poddisruptionbudgets",
      "ingressclasses",
      "services",
    ]);
  });

  it("a roll-out is watched, and proved from inside its pods", () => {
    const rights = neededRights([deployment], none);
    expect(verbsOf(rights, "replicasets")).to.deep.equal(["list", "watch"]);
    expect(verbsOf(rights, "pods")).to.deep.equal(["get", "list", "watch"]);
    expect(verbsOf(rights, "pods/exec")).to.deep.equal(["create"]);
  });

  it("a namespace that is used is read, and one that is made is also made, changed and deleted", () => {
    const rights = neededRights([], { used: ["shop", "own"], made: ["own"] });
    expect(rights.filter(({ name }) => name === "shop").map(({ verb }) => verb)).to.deep.equal(["get"]);
    expect(rights.filter(({ name }) => name === "own").map(({ verb }) => verb)).to.deep.equal([
      "get",
      "create",
      "patch",
      "delete",
    ]);
  });
});

describe("lackingRights", () => {
  it("a right that is not granted, or not answered for, lacks", () => {
    const rights = neededRights([deployment], none);
    expect(lackingRights(rights, [true, false])).to.deep.equal(rights.slice(1));
  });
});

describe("describeRights", () => {
  it("rights that differ in their verbs alone are told together, with the place", () => {
    const rights = neededRights([deployment], none).slice(0, 4);
    const own = { verb: "create", group: "", resource: "namespaces", name: "own" };
    expect(describeRights([...rights, own])).to.equal(
      "get, create, patch, delete deployments.apps in shop; create namespaces (own) in the whole cluster",
    );
  });
});

describe("accessReviews", () => {
  it("a subresource is asked for beside its resource", () => {
    const { items } = JSON.parse(
      accessReviews([{ verb: "create", group: "", resource: "pods/exec", namespace: "shop" }]),
    ) as {
      items: { kind: string; spec: { resourceAttributes: object } }[];
    };
    expect(items[0]).to.include({ kind: "SelfSubjectAccessReview" });
    expect(items[0]!.spec.resourceAttributes).to.deep.equal({
      verb: "create",
      group: "",
      resource: "pods",
      subresource: "exec",
      namespace: "shop",
    });
  });
});

describe("rightsRefusedIn", () => {
  it("what the API server refuses is read as rights, each once, and anything else as none", () => {
    const said =
      'Error from server (Forbidden): deployments.apps "web" is forbidden: User "system:serviceaccount:a:b" cannot get ' +
      'resource "deployments" in API group "apps" in the namespace "shop"\n' +
      'Error from server (Forbidden): deployments.apps "api" is forbidden: User "system:serviceaccount:a:b" cannot get ' +
      'resource "deployments" in API group "apps" in the namespace "shop"\n' +
      'Error from server (Forbidden): nodes is forbidden: User "b" cannot list resource "nodes" in API group "" at the ' +
      "cluster scope";
    const rights = rightsRefusedIn(said);
    expect(describeRights(rights)).to.equal("get deployments.apps in shop; list nodes in the whole cluster");
    expect(rightsRefusedIn('pods "x" is forbidden: exceeded quota: q')).to.deep.equal([]);
  });
});
