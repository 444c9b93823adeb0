import { expect } from "chai";
import { createCertificate } from "../../support/certificate.ts";
import { onlyProblemOf, problemsOf, service } from "../../support/stack-configs.ts";

const registry = { host: "registry.example.com/acme" };
const secure = { secure: "v1:x" };
const stack = (cluster: object, rest: object = {}) => ({
  cluster: { context: "prod-eu", registry, ...cluster },
  services: [service],
  ...rest,
});

describe("clusterProblems", () => {
  it("a service that is built here needs a registry, and one of an image that exists does not", () => {
    expect(onlyProblemOf(stack({ registry: undefined }))).to.contain(
      "cluster.registry: missing, and services[0] (identity)",
    );
    expect(problemsOf(stack({ registry: undefined }, { services: [{ ...service, image: "web:1" }] }))).to.deep.equal(
      [],
    );
  });

  it("a user and a password go together, and not with the engine's own login", () => {
    const problem = (change: object) => onlyProblemOf(stack({ registry: { ...registry, ...change } }));
    expect(problem({ user: "deploy" })).to.contain("cluster.registry.password: missing");
    expect(problem({ password: secure })).to.contain("cluster.registry.user: missing");
    expect(problem({ login: "docker", user: "deploy", password: secure })).to.contain("keep one of the two");
  });

  it("plain HTTP and an authority of TLS exclude one another", async () => {
    const { cert: caCertificate } = await createCertificate("registry.example.com");
    const problem = onlyProblemOf(stack({ registry: { ...registry, plainHttp: true, caCertificate } }));
    expect(problem).to.contain("cluster.registry.caCertificate: is for TLS, and plainHttp is true");
    expect(problemsOf(stack({ registry: { ...registry, plainHttp: false, caCertificate } }))).to.deep.equal([]);
  });

  it("a service with an ingress is refused where nothing is reached from outside", () => {
    const services = [{ ...service, ingress: true }];
    expect(onlyProblemOf(stack({ ingress: "none" }, { services }))).to.contain(
      'services[0].ingress: cluster.ingress is "none"',
    );
  });

  it("the authority of the ingress's certificate is for an https URL", async () => {
    const { cert } = await createCertificate("eu.example.com");
    const ingress = { class: "nginx", caCertificate: cert };
    expect(onlyProblemOf(stack({ ingress }))).to.contain("cluster.ingress.caCertificate: is for an https URL");
    expect(problemsOf(stack({ ingress }, { exposedUrl: "https://eu.example.com" }))).to.deep.equal([]);
  });
});
