import { expect } from "chai";
import fc from "fast-check";
import { ConfigError } from "../../../config/config-error.ts";
import { parseStackConfig } from "../../../config/stack-config.ts";
import { cluster, parse, peer, service, unboundPeer, validConfig } from "../../support/stack-configs.ts";

const parsePeer = (change: object) => parse({ cluster, services: [], peers: [{ ...unboundPeer, ...change }] }).peers[0];

describe("parseStackConfig", () => {
  it("parseStackConfig fills in what a service leaves out", () => {
    expect(parse(validConfig)).to.deep.equal({
      stack: "development",
      cluster: { name: "cluster1", httpPort: 80, workers: 0 },
      services: [{ ...service, replicas: 2, applicationName: "identity", applicationCluster: "development" }],
      peers: [],
    });
  });

  it("parseStackConfig keeps what a service sets", () => {
    const full = {
      ...service,
      image: "localhost:5080/identity:1.0",
      replicas: 3,
      applicationName: "internal",
      applicationCluster: "somewhere else",
      ingress: { host: "identity.example.com", path: "/api" },
    };
    expect(parse({ cluster, services: [full] }).services).to.deep.equal([full]);
  });

  it("parseStackConfig returns URLs without a trailing slash or a default port", () => {
    const peers = [{ alias: "there", namespace: "default", url: "http://there:80/" }];
    const parsed = parse({ ...validConfig, peers, exposedUrl: "https://fleet.example.com/" });
    expect(parsed.exposedUrl).to.equal("https://fleet.example.com");
    expect(parsed.peers).to.deep.equal([
      { alias: "there", namespace: "default", url: "http://there", whenAbsent: "fail" },
    ]);
  });

  it("parseStackConfig returns no peers when none are configured", () => {
    expect(parse({ cluster, services: [] }).peers).to.deep.equal([]);
  });

  it("parseStackConfig recognises a peer's stack as this project's by its plain or its full name", () => {
    expect(parsePeer({ stack: "staging" })).to.deep.equal({ ...peer, localStack: "staging", whenAbsent: "fail" });
    expect(parsePeer({ stack: "acme/identity/staging" })).to.include({ localStack: "staging" });
    expect(parsePeer({ stack: "acme/other/staging" })).not.to.have.property("localStack");
  });

  it("a peer's service is looked for among another stack's services with their defaults", () => {
    const staging = {
      cluster: { name: "cluster2", httpPort: 81 },
      defaults: { namespace: "shop" },
      services: [{ name: "web", image: "web", ingress: true }],
    };
    const raw = { cluster, services: [service], peers: [{ ...peer, service: "shop/web" }] };
    const context = { stack: "development", project: "identity", siblings: { staging } };
    expect(parseStackConfig(raw, context).peers[0]).to.include({ service: "shop/web" });
  });

  it("parseStackConfig keeps what a peer sets", () => {
    const full = { ...peer, via: "proxy", whenAbsent: "omit", expect: { name: "identity", cluster: "staging" } };
    expect(parsePeer(full)).to.deep.equal({ ...full, localStack: "staging" });
  });

  it("parseStackConfig keeps the values of any valid configuration, and parses its own result to the same", () => {
    const label = fc.stringMatching(/^[a-z]([-a-z0-9]{0,20}[a-z0-9])?$/);
    const anyService = fc.record(
      {
        name: label,
        namespace: label.map((name) => `n-${name}`),
        replicas: fc.integer({ min: 1, max: 99 }),
        applicationName: label,
      },
      { requiredKeys: ["name", "namespace"] },
    );
    const anyValid = fc.record({
      cluster: fc.record({ name: label, httpPort: fc.integer({ min: 1, max: 60_535 }) }),
      services: fc.uniqueArray(anyService, { selector: ({ name, namespace }) => `${namespace}/${name}`, maxLength: 6 }),
    });
    fc.assert(
      fc.property(anyValid, (raw) => {
        const once = parse(raw);
        for (const [index, written] of raw.services.entries()) expect(once.services[index]).to.include(written);
        const { stack, ...rest } = once;
        expect(parseStackConfig(rest, { stack, project: "identity" })).to.deep.equal(once);
      }),
    );
  });

  it("parseStackConfig accepts any input, or throws a ConfigError with at least one problem", () => {
    const any = fc.anything({ maxDepth: 1 });
    const keys = { name: any, namespace: any, alias: any, ingress: any, url: fc.webUrl(), stack: fc.string() };
    const list = fc.array(fc.oneof(any, fc.record(keys, { requiredKeys: [] })), { maxLength: 4 });
    const part = fc.oneof(any, list, fc.record({ httpPort: any, name: any }));
    const sections = { cluster: part, services: part, peers: part, exposedUrl: part, other: part };
    const anyRaw = fc.record(sections, { requiredKeys: [] });
    fc.assert(
      fc.property(anyRaw, anyRaw, (mine, theirs) => {
        try {
          parse(mine, { staging: theirs });
        } catch (error) {
          expect(error).to.be.instanceOf(ConfigError);
          expect((error as ConfigError).problems).not.to.be.empty;
        }
      }),
    );
  });
});
