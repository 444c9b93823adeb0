import { expect } from "chai";
import {
  cluster,
  onlyProblemOf,
  parse,
  problemsOf,
  service,
  validConfig,
  withCluster,
  withPeer,
  withService,
} from "../../support/stack-configs.ts";

describe("stackSchema", () => {
  it("ingress: true means every path of every host, and false means no ingress", () => {
    const services = [
      { ...service, ingress: true },
      { ...service, name: "other", ingress: false },
    ];
    const parsed = parse({ cluster, services });
    expect(parsed.services[0]).to.have.deep.property("ingress", { path: "/" });
    expect(parsed.services[1]).not.to.have.property("ingress");
  });

  it("an ingress with a host alone covers every path of that host", () => {
    const parsed = parse(withService({ ingress: { host: "*.example.com" } }));
    expect(parsed.services[0]).to.have.deep.property("ingress", { host: "*.example.com", path: "/" });
  });

  it("text in place of an ingress is refused, with the forms that an ingress can have", () => {
    expect(onlyProblemOf(withService({ ingress: "yes" }))).to.match(
      /"yes" is not an ingress: write true, false, or \{ host/,
    );
  });

  it("a missing section is reported with an example of it", () => {
    expect(problemsOf({})).to.deep.equal([
      "cluster: missing: write cluster: { name: cluster1, httpPort: 80 }",
      "services: missing: write services: [{ name: identity, namespace: test-namespace }]",
    ]);
  });

  it("a missing value is reported with what to write", () => {
    expect(problemsOf({ cluster: {}, services: [{}] })).to.deep.equal([
      'cluster.name: missing: write a cluster\'s name such as "cluster1"',
      "cluster.httpPort: missing: write a whole number from 1 to 60535 (the registry listens 5000 above it)",
      'services[0].name: missing: write a name such as "identity"',
      'services[0].namespace: missing: write a namespace such as "test-namespace"',
    ]);
  });

  it("a section of the wrong kind is reported with its value and what to write", () => {
    expect(onlyProblemOf({ ...validConfig, cluster: "cluster1" })).to.match(
      /^cluster: "cluster1" is not a cluster: write /,
    );
    expect(onlyProblemOf({ ...validConfig, services: { a: 1 } })).to.match(
      /^services: \{ a: 1 \} is not a list: write /,
    );
    expect(onlyProblemOf({ ...validConfig, services: [null] })).to.match(
      /^services\[0\]: null is not a service: write /,
    );
    expect(onlyProblemOf({ ...validConfig, peers: null })).to.match(
      /^peers: null is not a list: write .*leave it out$/,
    );
  });

  it("an unknown key is reported at every level, with the key that was probably meant", () => {
    expect(onlyProblemOf({ ...validConfig, peer: [] })).to.equal('peer: unknown key: did you mean "peers"?');
    expect(onlyProblemOf(withCluster({ httpport: 1 }))).to.equal(
      'cluster.httpport: unknown key: did you mean "httpPort"?',
    );
    expect(onlyProblemOf(withService({ replcas: 1 }))).to.equal(
      'services[0].replcas: unknown key: did you mean "replicas"?',
    );
    expect(onlyProblemOf(withService({ ingress: { hsot: "a" } }))).to.match(
      /^services\[0\]\.ingress\.hsot: unknown key: known/,
    );
    expect(onlyProblemOf(withService({ "a b": 1 }))).to.equal(
      'services[0]["a b"]: unknown key: known here are ' +
        "name, namespace, build, image, replicas, port, ports, env, secretEnv, command, args, probes, " +
        "progressDeadlineSeconds, resources, files, " +
        "writable, security, runAsUser, egress, applicationCluster, applicationName, ingress, prove",
    );
  });

  it("a cluster's httpPort is at most 60535, which leaves room for the registry's port", () => {
    for (const httpPort of [1, 60_535]) expect(problemsOf(withCluster({ httpPort }))).to.deep.equal([]);
    for (const httpPort of [0, -80, 60_536, 65_536, 80.5]) {
      expect(onlyProblemOf(withCluster({ httpPort }))).to.contain(
        `cluster.httpPort: ${httpPort} is not a whole number from 1 to 60535`,
      );
    }
  });

  it("a cluster has at most 255 workers, since each node takes 1 of 256 ranges of pods' addresses", () => {
    for (const workers of [0, 255]) expect(problemsOf(withCluster({ workers }))).to.deep.equal([]);
    for (const workers of [-1, 256, 0.5]) {
      expect(onlyProblemOf(withCluster({ workers }))).to.contain("a whole number from 0 to 255");
    }
  });

  it("a peer's stack that can't be a stack's name is refused", () => {
    for (const stack of ["", "a b", "acme/staging", "a/b/c/d", "/identity/staging"]) {
      expect(onlyProblemOf(withPeer({ stack })), stack).to.match(/is not a stack's name: write one such as "staging"/);
    }
  });

  it("a peer's expect needs a cluster besides the name", () => {
    expect(onlyProblemOf(withPeer({ stack: "staging", expect: { name: "identity" } }))).to.match(
      /^peers\[0\]\.expect\.cluster: missing/,
    );
  });
});
