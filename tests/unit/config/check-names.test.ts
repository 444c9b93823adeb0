import { expect } from "chai";
import { onlyProblemOf, problemsOf, withCluster, withService } from "../../support/stack-configs.ts";

const ingressProblem = (ingress: object) => onlyProblemOf(withService({ ingress }));

describe("names in a stack's configuration", () => {
  const suggestions = { Foo_: "foo", "a.b": "a-b", "-a-": "a", "Test Namespace": "test-namespace" };
  for (const [written, suggested] of Object.entries(suggestions)) {
    it(`the namespace "${written}" is refused, and "${suggested}" suggested`, () => {
      const message = onlyProblemOf(withService({ namespace: written }));
      expect(message).to.contain(`services[0].namespace: "${written}" is not a DNS-1123 label: write "${suggested}"`);
    });
  }

  it("a name without any letter or digit is refused, with an example instead of a suggestion", () => {
    expect(onlyProblemOf(withService({ name: "" }))).to.contain(
      '"" is not a DNS-1123 label: write a name such as "identity"',
    );
    expect(onlyProblemOf(withService({ name: "___" }))).to.contain('write a name such as "identity"');
  });

  it("a service's name has at most 63 characters, and a cluster's 49, which leaves room for its node's name", () => {
    expect(problemsOf(withService({ name: "a".repeat(63) }))).to.deep.equal([]);
    expect(onlyProblemOf(withService({ name: "a".repeat(64) }))).to.contain(`write "${"a".repeat(63)}"`);
    expect(problemsOf(withCluster({ name: "a".repeat(49) }))).to.deep.equal([]);
    expect(onlyProblemOf(withCluster({ name: "a".repeat(50) }))).to.contain("at most 49 characters");
  });

  it("a name that starts with a digit is refused for a service, as Kubernetes does, but not for a namespace", () => {
    expect(onlyProblemOf(withService({ name: "2nd" }))).to.match(/"2nd" starts with a digit.*write "s2nd"$/);
    expect(problemsOf(withService({ namespace: "2nd" }))).to.deep.equal([]);
  });

  for (const namespace of ["kube-system", "kube-public", "kube-node-lease", "skipper-ingress", "local-path-storage"]) {
    it(`a service in the namespace ${namespace} is refused`, () => {
      expect(onlyProblemOf(withService({ namespace })))
        .to.contain(`"${namespace}" is `)
        .and.contain("namespace: write another");
    });
  }

  it("an ingress rule's host and path are refused where Kubernetes would refuse them", () => {
    for (const path of ["", "x", "/a//b", "/a/../b", "/.", "/a?b", "/a b"]) {
      expect(ingressProblem({ path }), path).to.match(/not an absolute path/);
    }
    for (const host of ["", "A.b", "http://a", "a:80", "a..b", "*"]) {
      expect(ingressProblem({ host }), host).to.match(/not a host name/);
    }
  });
});
