import { expect } from "chai";
import type { RawConfig } from "../../../config/raw-config.ts";
import { cluster, onlyProblemOf, problemsOf, validConfig, withCluster, withPeer } from "../../support/stack-configs.ts";

const staging = { cluster: { name: "cluster2", httpPort: 81 } };

describe("rules between the stack files of a project", () => {
  it("stacks whose clusters have different names and ports are accepted together", () => {
    expect(problemsOf(withPeer({ stack: "staging" }), { staging })).to.deep.equal([]);
  });

  it("a stack is not compared with its own file", () => {
    expect(problemsOf(validConfig, { development: { cluster } })).to.deep.equal([]);
  });

  it("a cluster's name that another stack has is refused", () => {
    expect(problemsOf(validConfig, { staging: { cluster: { name: "cluster1", httpPort: 81 } } })).to.deep.equal([
      'cluster.name: "cluster1" is already the cluster of Pulumi.staging.yaml: write another',
    ]);
  });

  const clashes: [mine: number, theirs: number, message: string][] = [
    [81, 81, "81 is already the port of Pulumi.staging.yaml: write another, such as 82"],
    [
      5081,
      81,
      "5081 is already the registry's port of Pulumi.staging.yaml (its 81 + 5000): write another, such as 5082",
    ],
    [81, 5081, "81 puts the registry on 5081, already the port of Pulumi.staging.yaml: write another, such as 82"],
    [60_535, 60_535, "60535 is already the port of Pulumi.staging.yaml: write another, such as 1"],
  ];
  for (const [mine, theirs, message] of clashes) {
    it(`a cluster on port ${mine} is refused when another stack's is on port ${theirs}`, () => {
      const siblings = { staging: { cluster: { name: "cluster2", httpPort: theirs } } };
      expect(problemsOf(withCluster({ httpPort: mine }), siblings)).to.deep.equal([`cluster.httpPort: ${message}`]);
    });
  }

  it("the port suggested for a taken one is used by no stack and no stack's registry", () => {
    const onPort = (httpPort: number) => ({ cluster: { name: `c${httpPort}`, httpPort } });
    expect(problemsOf(validConfig, { a: onPort(80), b: onPort(81), c: onPort(5082) })[0]).to.match(/such as 83$/);
  });

  it("a peer's plain stack name without a stack file is refused; a full name is not", () => {
    const withStack = (stack: string) => withPeer({ stack });
    expect(problemsOf(withStack("stagin"), { staging })).to.deep.equal([
      'peers[0].stack: there is no Pulumi.stagin.yaml (did you mean "staging"?): ' +
        "write that file, or another stack's name",
    ]);
    expect(onlyProblemOf(withStack("production"), { staging })).to.match(/\(known are staging\)/);
    expect(onlyProblemOf(withStack("production"), {})).to.match(/\(there is no other stack\)/);
    expect(problemsOf(withStack("organization/identity/production"), { staging })).to.deep.equal([]);
    expect(problemsOf(withStack("production"))).to.deep.equal([]);
  });

  it("a sibling whose values make no sense causes no problem in this stack", () => {
    const nonsense: Record<string, RawConfig> = {
      a: { cluster: "x" },
      b: {},
      c: { cluster: { name: 1, httpPort: "80" } },
    };
    expect(problemsOf(validConfig, nonsense)).to.deep.equal([]);
  });

  describe("for a peer's service", () => {
    const services = [
      { name: "web", namespace: "shop", ingress: { path: "/shop" } },
      { name: "many", namespace: "shop", ingress: { host: "*.example.com" } },
      { name: "hidden", namespace: "shop" },
    ];
    const siblings = { staging: { ...staging, services } };
    const problemOf = (service: string, change: object = {}) =>
      problemsOf(withPeer({ stack: "staging", service, ...change }), siblings);

    it("a service that the ingress of the peer's stack serves is accepted", () => {
      expect(problemOf("shop/web")).to.deep.equal([]);
      expect(problemOf("shop/many", { host: "a.example.com" })).to.deep.equal([]);
    });

    it("a service that is not in the file of the peer's stack is refused, with the one that was meant", () => {
      expect(problemOf("shop/wep")).to.deep.equal([
        'peers[0].service: there is no service "shop/wep" in Pulumi.staging.yaml (did you mean "shop/web"?): ' +
          "write one of those",
      ]);
    });

    it("a service without an ingress, or with one for many hosts, is refused, with what to write where", () => {
      expect(problemOf("shop/hidden")[0]).to.match(/has no ingress.*in Pulumi\.staging\.yaml$/);
      expect(problemOf("shop/many")[0]).to.contain('write the one to call, such as "host: www.example.com"');
    });
  });
});
