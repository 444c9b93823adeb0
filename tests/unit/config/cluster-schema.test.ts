import { expect } from "chai";
import { onlyProblemOf, parse, problemsOf, service, validConfig, withCluster } from "../../support/stack-configs.ts";

const registry = { host: "registry.example.com/acme" };
const existing = { context: "prod-eu", registry };
const withExisting = (change: object) => ({ ...validConfig, cluster: { ...existing, ...change } });
const secure = { secure: "v1:x" };

describe("a cluster that exists", () => {
  it("a context alone is a cluster that exists, with the default IngressClass, and policies in its own namespaces", () => {
    const { cluster } = parse({ cluster: { context: "prod-eu" }, services: [{ ...service, image: "web:1" }] });
    expect(cluster).to.deep.equal({ context: "prod-eu", ingress: {}, policies: "made" });
  });

  it("all that can be said of one is read", () => {
    const said = {
      kubeconfig: "./eu.yaml",
      registry: { ...registry, user: "deploy", password: secure, pullSecret: "pull" },
      ingress: { class: "nginx", tlsSecret: "web-tls", annotations: { "cert-manager.io/cluster-issuer": "le" } },
      policies: "all",
      ipFamily: "dual",
    };
    expect(parse(withExisting(said)).cluster).to.deep.equal({ context: "prod-eu", ...said });
    expect(parse(withExisting({ registry: { ...registry, login: "docker" } })).cluster).to.have.deep.property(
      "registry",
      registry,
    );
    for (const ingress of ["ours", "none"]) {
      expect(parse(withExisting({ ingress })).cluster).to.have.property("ingress", ingress);
    }
  });

  it("what belongs to a cluster that kind makes is refused, with what is known", () => {
    expect(onlyProblemOf(withExisting({ httpPort: 80 }))).to.match(
      /^cluster\.httpPort: unknown key: known here are context, /,
    );
  });

  it("a misspelt word is refused at its place, with the one that was meant", () => {
    expect(onlyProblemOf(withExisting({ ingress: { clas: "nginx" } }))).to.contain(
      'cluster.ingress.clas: unknown key: did you mean "class"?',
    );
    expect(onlyProblemOf(withExisting({ ingress: "our" })))
      .to.contain("cluster.ingress: ")
      .and.to.contain('{ class: nginx }, "ours" or "none"');
    expect(onlyProblemOf(withExisting({ policies: "some" }))).to.contain('write "made" or "all" or "none"');
    expect(onlyProblemOf(withExisting({ context: "" }))).to.contain("cluster.context: ");
  });

  it("a registry needs a host by which Docker knows it from Docker Hub", () => {
    for (const host of ["acme", "https://registry.example.com", "registry.example.com/", "acme/team"]) {
      expect(onlyProblemOf(withExisting({ registry: { host } })), host).to.contain("is not a registry: write its host");
    }
    for (const host of ["localhost:5000/acme", "registry.example.com", "10.0.0.7:5000", "ghcr.io/acme/team"]) {
      expect(problemsOf(withExisting({ registry: { host } })), host).to.deep.equal([]);
    }
  });

  it("what a registry speaks is true or false, and its authority a certificate", () => {
    expect(onlyProblemOf(withExisting({ registry: { ...registry, plainHttp: "yes" } }))).to.contain(
      'cluster.registry.plainHttp: "yes" is not true or false',
    );
    expect(onlyProblemOf(withExisting({ registry: { ...registry, caCertificate: "./ca.pem" } }))).to.contain(
      "cluster.registry.caCertificate: ",
    );
  });

  it("its pods have addresses of one family, or of both", () => {
    for (const ipFamily of ["ipv6", "dual"]) {
      expect(parse(withExisting({ ipFamily })).cluster).to.include({ ipFamily });
    }
    expect(parse(withExisting({ ipFamily: "ipv4" })).cluster).not.to.have.any.keys("ipFamily");
    expect(onlyProblemOf(withExisting({ ipFamily: "ipv5" }))).to.contain('write "ipv4" or "ipv6" or "dual"');
    expect(onlyProblemOf(withCluster({ ipFamily: "ipv6" }))).to.contain('write "ipv4" or "dual"');
  });

  it("a kubeconfig is a path or encrypted, and its text in plain is refused and never shown", () => {
    const secure = { secure: "v1:x" };
    expect(parse(withExisting({ kubeconfig: secure })).cluster).to.deep.include({ kubeconfig: secure });
    for (const kubeconfig of ["apiVersion: v1\ntoken: geheim", '{"token":"geheim"}']) {
      const problem = onlyProblemOf(withExisting({ kubeconfig }));
      expect(problem)
        .to.contain("cluster.kubeconfig: is in plain")
        .and.to.contain('--path "identity:cluster.kubeconfig"');
      expect(problem).not.to.contain("geheim");
    }
    expect(onlyProblemOf(withExisting({ kubeconfig: 1 }))).to.contain("a kubeconfig file such as ./eu.yaml");
  });

  it("a password in plain is refused, and never shown", () => {
    const problem = onlyProblemOf(withExisting({ registry: { ...registry, user: "deploy", password: "geheim" } }));
    expect(problem)
      .to.contain("cluster.registry.password: is in plain")
      .and.to.contain("identity:cluster.registry.password");
    expect(problem).not.to.contain("geheim");
  });
});
