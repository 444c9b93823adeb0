import { rootCertificates } from "node:tls";
import { expect } from "chai";
import { ConfigError, parseStackConfig, type RawConfig } from "../../config/stack-config.ts";

const cluster = { name: "cluster1", httpPort: 80 };
const service = { name: "identity", namespace: "test-namespace" };
const unbound = { alias: "cluster2-service1", namespace: "test-namespace" };
const peer = { ...unbound, stack: "staging" };

/** Every problem of the stack `development`, as `path: message`; none when it is accepted. */
function problems(raw: RawConfig, siblings?: Record<string, RawConfig>): string[] {
  try {
    parseStackConfig("development", { cluster, services: [service], ...raw }, siblings);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(({ path, message }) => `${path}: ${message}`);
  }
}

const withPeer = (change: object): string[] => problems({ peers: [{ ...unbound, ...change }] });
const parsePeer = (change: object) =>
  parseStackConfig("development", { cluster, services: [], peers: [{ ...unbound, ...change }] }).peers[0];

describe("rules between the values of a stack", () => {
  it("take an IPv6 address where the cluster has IPv6", () => {
    const peers = [{ ...unbound, url: "http://[2001:db8::7]" }];
    expect(problems({ peers, cluster: { ...cluster, ipFamily: "dual" } })).to.deep.equal([]);
    expect(problems({ peers })).to.deep.equal([
      'peers[0].url: http://[2001:db8::7] is an IPv6 address, and this cluster has IPv4 only: write "ipFamily: dual" into cluster, which makes it anew',
    ]);
  });

  it("take no alias whose proxy would call itself", () => {
    expect(withPeer({ alias: "fleet", url: "http://fleet:8080" })).to.deep.equal([
      'peers[0].alias: "fleet" is also the name in http://fleet:8080, so its proxy would call itself: write another alias',
    ]);
    expect(withPeer({ alias: "fleet", url: "http://fleet" })).to.deep.equal([]);
    expect(withPeer({ alias: "fleet", url: "http://fleet.example.com" })).to.deep.equal([]);
  });

  it("take an authority's certificate for https only, and only one that is one", () => {
    const [caCertificate] = rootCertificates;
    expect(withPeer({ url: "https://fleet.example.com", caCertificate })).to.deep.equal([]);
    expect(withPeer({ stack: "staging", caCertificate })).to.deep.equal([]);
    expect(withPeer({ url: "http://fleet.example.com", caCertificate })).to.deep.equal([
      'peers[0].caCertificate: "http://fleet.example.com" has no certificate to verify: leave caCertificate out, or write an https URL',
    ]);
    expect(withPeer({ url: "https://fleet.example.com", caCertificate: "ca.pem" })).to.deep.equal([
      'peers[0].caCertificate: "ca.pem" is not a certificate: write its PEM text, from -----BEGIN CERTIFICATE----- on',
    ]);
  });

  it("take a service's name once per namespace", () => {
    expect(problems({ services: [service, { ...service, namespace: "other" }] })).to.deep.equal([]);
    expect(problems({ services: [service, service] })).to.deep.equal([
      'services[1].name: "identity" is already services[0] in namespace "test-namespace": write another name or namespace',
    ]);
  });

  it("take an alias once per namespace", () => {
    expect(problems({ peers: [peer, { ...peer, namespace: "other" }] })).to.deep.equal([]);
    expect(problems({ peers: [peer, peer] })).to.deep.equal([
      'peers[1].alias: "cluster2-service1" is already peers[0] in namespace "test-namespace": write another alias or namespace',
    ]);
  });

  it("take no alias that is a service's name in the same namespace", () => {
    expect(problems({ peers: [{ ...peer, alias: "identity", namespace: "other" }] })).to.deep.equal([]);
    expect(problems({ peers: [{ ...peer, alias: "identity" }] })).to.deep.equal([
      'peers[0].alias: "identity" is already services[0] in namespace "test-namespace": write another alias or namespace',
    ]);
  });

  describe("of ingress", () => {
    const ingresses = (...rules: unknown[]) =>
      problems({ services: rules.map((ingress, index) => ({ ...service, name: `s${index}`, ingress })) });

    it("take one service for the whole host", () => {
      expect(ingresses(true, false, true)).to.deep.equal([
        'services[2].ingress: path "/" without a host already goes to services[0]: write another path or host',
      ]);
    });

    it("take a path of a host once, with or without a slash at its end", () => {
      expect(ingresses({ host: "a.b", path: "/x" }, { host: "a.b", path: "/x/" })).to.deep.equal([
        'services[1].ingress: path "/x/" of host "a.b" already goes to services[0]: write another path or host',
      ]);
      expect(ingresses(true, { path: "/" })).to.have.length(1);
    });

    it("take other paths and hosts beside one another", () => {
      expect(
        ingresses(true, { path: "/x" }, { host: "a.b" }, { host: "*.b" }, { host: "a.b", path: "/x" }),
      ).to.deep.equal([]);
    });

    it("take hosts and paths that Kubernetes would", () => {
      for (const path of ["", "x", "/a//b", "/a/../b", "/.", "/a?b", "/a b"]) {
        expect(ingresses({ path }), path)
          .to.have.length(1)
          .and.match(/not an absolute path/);
      }
      for (const host of ["", "A.b", "http://a", "a:80", "a..b", "*"]) {
        expect(ingresses({ host }), host)
          .to.have.length(1)
          .and.match(/not a host name/);
      }
    });

    it("say what else an ingress can be", () => {
      expect(ingresses("yes"))
        .to.have.length(1)
        .and.match(/"yes" is not an ingress: write true, false, or \{ host/);
    });
  });
});

describe("peers", () => {
  it("are left out when none is configured", () => {
    expect(parseStackConfig("development", { cluster, services: [] }).peers).to.deep.equal([]);
  });

  it("take a stack of this project by its plain or its full name", () => {
    expect(parsePeer({ stack: "staging" })).to.deep.equal({ ...peer, localStack: "staging", whenAbsent: "fail" });
    expect(parsePeer({ stack: "acme/identity/staging" })).to.include({ localStack: "staging" });
    expect(parsePeer({ stack: "acme/other/staging" })).not.to.have.property("localStack");
  });

  it("keep what they say", () => {
    const full = { ...peer, via: "proxy", whenAbsent: "omit", expect: { name: "identity", cluster: "staging" } };
    expect(parsePeer(full)).to.deep.equal({ ...full, localStack: "staging" });
  });

  it("need a stack or a url, and not both", () => {
    expect(withPeer({}))
      .to.have.length(1)
      .and.match(/^peers\[0\]: neither stack nor url: write one/);
    expect(withPeer({ stack: "staging", url: "http://a" }))
      .to.have.length(1)
      .and.match(/^peers\[0\]: both stack and url: keep/);
  });

  it("are never on themselves", () => {
    for (const stack of ["development", "organization/identity/development"]) {
      expect(withPeer({ stack }))
        .to.have.length(1)
        .and.match(/^peers\[0\]\.stack: .+ is this stack itself: write another/);
    }
    expect(withPeer({ stack: "organization/other/development" })).to.deep.equal([]);
    expect(withPeer({ url: "http://cluster1-control-plane" }))
      .to.have.length(1)
      .and.match(/^peers\[0\]\.url: .+ this stack's own cluster: write another's/);
  });

  it("take what can be a stack's name", () => {
    for (const stack of ["", "a b", "acme/staging", "a/b/c/d", "/identity/staging"]) {
      expect(withPeer({ stack }), stack)
        .to.have.length(1)
        .and.match(/is not a stack's name: write one such as "staging"/);
    }
  });

  it("take a url that other clusters can reach", () => {
    expect(withPeer({ url: "http://localhost:5000" }))
      .to.have.length(1)
      .and.match(/^peers\[0\]\.url: .+localhost is whatever/);
  });

  it("take a way that the url allows", () => {
    expect(withPeer({ url: "http://a", via: "proxy" })).to.deep.equal([]);
    expect(withPeer({ url: "https://a", via: "endpoints" }))
      .to.have.length(1)
      .and.match(/^peers\[0\]\.via: "endpoints" can't lead/);
    expect(withPeer({ stack: "staging", via: "tunnel" })).to.deep.equal([
      'peers[0].via: "tunnel" is not known here: write "externalName" or "endpoints" or "proxy"',
    ]);
  });

  it("know two ways to do without a stack, which a url never needs", () => {
    expect(withPeer({ stack: "staging", whenAbsent: "ignore" }))
      .to.have.length(1)
      .and.match(/write "fail" or "omit"$/);
    expect(withPeer({ url: "http://a", whenAbsent: "omit" }))
      .to.have.length(1)
      .and.match(/^peers\[0\]\.whenAbsent: /);
  });

  it("expect a name and a cluster", () => {
    expect(withPeer({ stack: "staging", expect: { name: "identity" } }))
      .to.have.length(1)
      .and.match(/^peers\[0\]\.expect\.cluster: missing/);
  });
});

describe("rules between stack files", () => {
  const staging = { cluster: { name: "cluster2", httpPort: 81 } };

  it("are met by other names and ports", () => {
    expect(problems({ peers: [peer] }, { staging })).to.deep.equal([]);
  });

  it("leave a stack's own file alone", () => {
    expect(problems({}, { development: { cluster } })).to.deep.equal([]);
  });

  it("take a cluster's name once", () => {
    expect(problems({}, { staging: { cluster: { name: "cluster1", httpPort: 81 } } })).to.deep.equal([
      'cluster.name: "cluster1" is already the cluster of Pulumi.staging.yaml: write another',
    ]);
  });

  const ports: [mine: number, theirs: number, message: string][] = [
    [81, 81, "81 is already the port of Pulumi.staging.yaml: write another, such as 82"],
    [
      5081,
      81,
      "5081 is already the registry's port of Pulumi.staging.yaml (its 81 + 5000): write another, such as 5082",
    ],
    [81, 5081, "81 puts the registry on 5081, already the port of Pulumi.staging.yaml: write another, such as 82"],
    [60_535, 60_535, "60535 is already the port of Pulumi.staging.yaml: write another, such as 1"],
  ];
  for (const [mine, theirs, message] of ports) {
    it(`do not take ${mine} beside ${theirs}`, () => {
      const siblings = { staging: { cluster: { name: "cluster2", httpPort: theirs } } };
      expect(problems({ cluster: { name: "cluster1", httpPort: mine } }, siblings)).to.deep.equal([
        `cluster.httpPort: ${message}`,
      ]);
    });
  }

  it("propose a port that no stack uses", () => {
    const other = (httpPort: number) => ({ cluster: { name: `c${httpPort}`, httpPort } });
    expect(problems({}, { a: other(80), b: other(81), c: other(5082) })[0]).to.match(/such as 83$/);
  });

  it("take a plain stack name only when it has a file", () => {
    const unknown = (stack: string, siblings: Record<string, RawConfig> | undefined) =>
      problems({ peers: [{ ...peer, stack }] }, siblings);
    expect(unknown("stagin", { staging })).to.deep.equal([
      `peers[0].stack: there is no Pulumi.stagin.yaml (did you mean "staging"?): write that file, or another stack's name`,
    ]);
    expect(unknown("production", { staging }))
      .to.have.length(1)
      .and.match(/\(known are staging\)/);
    expect(unknown("production", {}))
      .to.have.length(1)
      .and.match(/\(there is no other stack\)/);
    expect(unknown("organization/identity/production", { staging })).to.deep.equal([]);
    expect(unknown("production", undefined)).to.deep.equal([]);
  });

  it("bear a sibling that makes no sense", () => {
    const nonsense = { a: { cluster: "x" }, b: {}, c: { cluster: { name: 1, httpPort: "80" } } };
    expect(problems({}, nonsense)).to.deep.equal([]);
  });
});
