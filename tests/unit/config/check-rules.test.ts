import { rootCertificates } from "node:tls";
import { expect } from "chai";
import {
  cluster,
  onlyProblemOf,
  peer,
  problemsOf,
  service,
  unboundPeer,
  validConfig,
  withPeer,
  withService,
} from "../../support/stack-configs.ts";

describe("rules between the values of a stack's configuration", () => {
  it("an unknown key in one service does not hide that another service has the same name", () => {
    const services = [{ ...service, typo: 1 }, service];
    expect(problemsOf({ cluster, services })).to.have.length(2);
  });

  it("a service's name may be used once per namespace", () => {
    expect(problemsOf({ cluster, services: [service, { ...service, namespace: "other" }] })).to.deep.equal([]);
    expect(problemsOf({ cluster, services: [service, service] })).to.deep.equal([
      'services[1].name: "identity" is already services[0] in namespace "test-namespace": ' +
        "write another name or namespace",
    ]);
  });

  it("an alias may be used once per namespace", () => {
    expect(problemsOf({ ...validConfig, peers: [peer, { ...peer, namespace: "other" }] })).to.deep.equal([]);
    expect(problemsOf({ ...validConfig, peers: [peer, peer] })).to.deep.equal([
      'peers[1].alias: "cluster2-service1" is already peers[0] in namespace "test-namespace": ' +
        "write another alias or namespace",
    ]);
  });

  it("an alias that is a service's name in the same namespace is refused", () => {
    expect(problemsOf(withPeer({ ...peer, alias: "identity", namespace: "other" }))).to.deep.equal([]);
    expect(problemsOf(withPeer({ ...peer, alias: "identity" }))).to.deep.equal([
      'peers[0].alias: "identity" is already services[0] in namespace "test-namespace": ' +
        "write another alias or namespace",
    ]);
  });

  it("a service in the namespace default may have any name but kubernetes, which is the cluster's own API", () => {
    expect(problemsOf(withService({ namespace: "default" }))).to.deep.equal([]);
    expect(onlyProblemOf(withService({ namespace: "default", name: "kubernetes" }))).to.contain(
      "the cluster's own API",
    );
  });

  describe("of ingresses", () => {
    const withIngresses = (...rules: unknown[]) => ({
      cluster,
      services: rules.map((ingress, index) => ({ ...service, name: `s${index}`, ingress })),
    });

    it("a second service with the ingress for every path of every host is refused", () => {
      expect(problemsOf(withIngresses(true, false, true))).to.deep.equal([
        'services[2].ingress: path "/" without a host already goes to services[0]: write another path or host',
      ]);
    });

    it("a second ingress for the same path of a host is refused, with or without a slash at the path's end", () => {
      expect(problemsOf(withIngresses({ host: "a.b", path: "/x" }, { host: "a.b", path: "/x/" }))).to.deep.equal([
        'services[1].ingress: path "/x/" of host "a.b" already goes to services[0]: write another path or host',
      ]);
      expect(problemsOf(withIngresses(true, { path: "/" }))).to.have.length(1);
    });

    it("ingresses with different paths or hosts are accepted together", () => {
      expect(
        problemsOf(withIngresses(true, { path: "/x" }, { host: "a.b" }, { host: "*.b" }, { host: "a.b", path: "/x" })),
      ).to.deep.equal([]);
    });
  });

  describe("of peers", () => {
    it("a peer needs a stack or a url, and not both", () => {
      expect(onlyProblemOf(withPeer({}))).to.match(/^peers\[0\]: neither stack nor url: write one/);
      expect(onlyProblemOf(withPeer({ stack: "staging", url: "http://a" }))).to.match(
        /^peers\[0\]: both stack and url: keep/,
      );
    });

    it("a url of the own cluster is refused by each of its names", () => {
      for (const url of ["http://cluster1-worker", "http://cluster1-worker2:81", "https://tunnel.example.com"]) {
        const raw = { ...withPeer({ url }), exposedUrl: "https://tunnel.example.com/" };
        expect(onlyProblemOf(raw), url).to.match(/^peers\[0\]\.url: .* is this stack's own cluster: write another's/);
      }
      expect(problemsOf(withPeer({ url: "http://cluster1-worker-of-mine" }))).to.deep.equal([]);
    });

    it("a service belongs to a stack, and a host to one site", () => {
      const url = "http://cluster2-control-plane";
      expect(onlyProblemOf(withPeer({ url, service: "shop/web" }))).to.match(/^peers\[0\]\.service: a url leads to/);
      expect(onlyProblemOf(withPeer({ url, host: "*.example.com" }))).to.match(
        /^peers\[0\]\.host: .*"www\.example\.com"$/,
      );
      expect(onlyProblemOf(withPeer({ url, host: "a.example.com", via: "externalName" }))).to.match(
        /^peers\[0\]\.via: .* under the host a\.example\.com only/,
      );
      expect(onlyProblemOf(withPeer({ stack: "staging", service: "web" }))).to.match(
        /"web" is not a service: write its/,
      );
    });

    it("a peer that is the stack itself, by name or by its control plane's URL, is refused", () => {
      for (const stack of ["development", "organization/identity/development"]) {
        expect(onlyProblemOf(withPeer({ stack }))).to.match(
          /^peers\[0\]\.stack: .+ is this stack itself: write another/,
        );
      }
      expect(problemsOf(withPeer({ stack: "organization/other/development" }))).to.deep.equal([]);
      expect(onlyProblemOf(withPeer({ url: "http://cluster1-control-plane" }))).to.match(
        /^peers\[0\]\.url: .+ this stack's own cluster: write another's/,
      );
    });

    it("a peer's url that other clusters can't reach is refused", () => {
      expect(onlyProblemOf(withPeer({ url: "http://localhost:5000" }))).to.match(
        /^peers\[0\]\.url: .+localhost is whatever/,
      );
    });

    it("a peer's via must be a known way, and one that the url allows", () => {
      expect(problemsOf(withPeer({ url: "http://a", via: "proxy" }))).to.deep.equal([]);
      expect(onlyProblemOf(withPeer({ url: "https://a", via: "endpoints" }))).to.match(
        /^peers\[0\]\.via: "endpoints" can't lead/,
      );
      expect(problemsOf(withPeer({ stack: "staging", via: "tunnel" }))).to.deep.equal([
        'peers[0].via: "tunnel" is not known here: write "externalName" or "endpoints" or "proxy"',
      ]);
    });

    it("a peer's whenAbsent is fail or omit, and a peer with a url can't have omit", () => {
      expect(onlyProblemOf(withPeer({ stack: "staging", whenAbsent: "ignore" }))).to.match(/write "fail" or "omit"$/);
      expect(onlyProblemOf(withPeer({ url: "http://a", whenAbsent: "omit" }))).to.match(/^peers\[0\]\.whenAbsent: /);
    });

    it("a peer with an IPv6 address is refused, unless the cluster has IPv6", () => {
      const peers = [{ ...unboundPeer, url: "http://[2001:db8::7]" }];
      const dual = { ...cluster, ipFamily: "dual" };
      expect(problemsOf({ ...validConfig, peers, cluster: dual })).to.deep.equal([]);
      expect(problemsOf({ ...validConfig, peers })).to.deep.equal([
        "peers[0].url: http://[2001:db8::7] is an IPv6 address, and this cluster has IPv4 only: " +
          'write "ipFamily: dual" into cluster, which makes it anew',
      ]);
    });

    it("an alias that is the host of a proxied url is refused, since the proxy would call itself", () => {
      expect(problemsOf(withPeer({ alias: "fleet", url: "http://fleet:8080" }))).to.deep.equal([
        'peers[0].alias: "fleet" is also the name in http://fleet:8080, so its proxy would call itself: ' +
          "write another alias",
      ]);
      expect(problemsOf(withPeer({ alias: "fleet", url: "http://fleet" }))).to.deep.equal([]);
      expect(problemsOf(withPeer({ alias: "fleet", url: "http://fleet.example.com" }))).to.deep.equal([]);
    });

    it("a caCertificate must be a certificate's PEM text, and is refused for an http url", () => {
      const [caCertificate] = rootCertificates;
      expect(problemsOf(withPeer({ url: "https://fleet.example.com", caCertificate }))).to.deep.equal([]);
      expect(problemsOf(withPeer({ stack: "staging", caCertificate }))).to.deep.equal([]);
      expect(problemsOf(withPeer({ url: "http://fleet.example.com", caCertificate }))).to.deep.equal([
        'peers[0].caCertificate: "http://fleet.example.com" has no certificate to verify: ' +
          "leave caCertificate out, or write an https URL",
      ]);
      expect(problemsOf(withPeer({ url: "https://fleet.example.com", caCertificate: "ca.pem" }))).to.deep.equal([
        'peers[0].caCertificate: "ca.pem" is not a certificate: ' +
          "write its PEM text, from -----BEGIN CERTIFICATE----- on",
      ]);
    });
  });
});
