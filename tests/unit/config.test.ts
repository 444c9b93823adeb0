import { expect } from "chai";
import fc from "fast-check";
import {
  ConfigError,
  parseStackConfig,
  type RawConfig,
  rawFromRuntime,
  registryPort,
} from "../../config/stack-config.ts";

const cluster = { name: "cluster1", httpPort: 80 };
const service = { name: "identity", namespace: "test-namespace" };
const valid: RawConfig = { cluster, services: [service] };

/** Every problem of a configuration, as `path: message`; none when it is accepted. */
function problems(raw: RawConfig): string[] {
  try {
    parseStackConfig("development", raw);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(({ path, message }) => `${path}: ${message}`);
  }
}

/** The one problem of a configuration. */
function problem(raw: RawConfig): string {
  const all = problems(raw);
  expect(all).to.have.length(1);
  return all[0]!;
}

const withCluster = (change: object): RawConfig => ({ ...valid, cluster: { ...cluster, ...change } });
const withService = (change: object): RawConfig => ({ ...valid, services: [{ ...service, ...change }] });

describe("stack configuration", () => {
  describe("defaults", () => {
    it("fills in what a service leaves out", () => {
      expect(parseStackConfig("development", valid)).to.deep.equal({
        stack: "development",
        cluster: { name: "cluster1", httpPort: 80, workers: 0 },
        services: [{ ...service, replicas: 2, applicationName: "identity", applicationCluster: "development" }],
        peers: [],
      });
    });

    it("keeps what a service says", () => {
      const full = {
        ...service,
        image: "localhost:5080/identity:1.0",
        replicas: 3,
        applicationName: "internal",
        applicationCluster: "somewhere else",
        ingress: { host: "identity.example.com", path: "/api" },
      };
      expect(parseStackConfig("development", { cluster, services: [full] }).services).to.deep.equal([full]);
    });

    it("takes ingress: true as every path of every host, and false as none", () => {
      const services = [
        { ...service, ingress: true },
        { ...service, name: "other", ingress: false },
      ];
      const parsed = parseStackConfig("development", { cluster, services });
      expect(parsed.services[0]).to.have.deep.property("ingress", { path: "/" });
      expect(parsed.services[1]).not.to.have.property("ingress");
    });

    it("takes an ingress with a host alone as the whole of that host", () => {
      const parsed = parseStackConfig("development", withService({ ingress: { host: "*.example.com" } }));
      expect(parsed.services[0]).to.have.deep.property("ingress", { host: "*.example.com", path: "/" });
    });

    it("gives URLs without a trailing slash", () => {
      const peers = [{ alias: "there", namespace: "default", url: "http://there:80/" }];
      const parsed = parseStackConfig("development", { ...valid, peers, exposedUrl: "https://fleet.example.com/" });
      expect(parsed.exposedUrl).to.equal("https://fleet.example.com");
      expect(parsed.peers).to.deep.equal([
        { alias: "there", namespace: "default", url: "http://there", whenAbsent: "fail" },
      ]);
    });

    it("puts the registry 5000 above the cluster's port", () => {
      expect(registryPort({ httpPort: 81 })).to.equal(5081);
    });
  });

  describe("mistakes", () => {
    it("come all at once, in the order of the file, one a line", () => {
      const raw = {
        exposedUrl: "ftp://x",
        extra: 1,
        peers: [{ alias: "a", namespace: "default" }],
        services: [service, { ...service, namespace: "Foo_", replicas: 0 }],
        cluster: { name: "cluster1" },
      };
      expect(() => parseStackConfig("staging", raw))
        .to.throw(ConfigError)
        .with.property("file", "Pulumi.staging.yaml");
      expect(problems(raw).map((line) => line.split(":")[0])).to.deep.equal([
        "cluster.httpPort",
        "services[1].namespace",
        "services[1].replicas",
        "peers[0]",
        "exposedUrl",
        "extra",
      ]);
      expect(() => parseStackConfig("staging", raw)).to.throw(
        /^(Pulumi\.staging\.yaml: \S+: .+\n){5}Pulumi\.staging\.yaml: extra: unknown key: .+$/,
      );
    });

    it("of one kind do not hide those of another", () => {
      const services = [{ ...service, typo: 1 }, service];
      expect(problems({ cluster, services })).to.have.length(2);
    });

    it("name what to write when a section is missing", () => {
      expect(problems({})).to.deep.equal([
        "cluster: missing: write cluster: { name: cluster1, httpPort: 80 }",
        "services: missing: write services: [{ name: identity, namespace: test-namespace }]",
      ]);
    });

    it("name what to write when a value is missing", () => {
      expect(problems({ cluster: {}, services: [{}] })).to.deep.equal([
        'cluster.name: missing: write a cluster\'s name such as "cluster1"',
        "cluster.httpPort: missing: write a whole number from 1 to 60535 (the registry listens 5000 above it)",
        'services[0].name: missing: write a name such as "identity"',
        'services[0].namespace: missing: write a namespace such as "test-namespace"',
      ]);
    });

    it("show a section of the wrong kind", () => {
      expect(problem({ ...valid, cluster: "cluster1" })).to.match(/^cluster: "cluster1" is not a cluster: write /);
      expect(problem({ ...valid, services: { a: 1 } })).to.match(/^services: \{ a: 1 \} is not a list: write /);
      expect(problem({ ...valid, services: [null] })).to.match(/^services\[0\]: null is not a service: write /);
      expect(problem({ ...valid, peers: null })).to.match(/^peers: null is not a list: write .*leave it out$/);
    });

    it("say that an encrypted value is of no use", () => {
      expect(problem({ ...valid, services: { secure: "v1:abc" } })).to.match(/^services: is encrypted/);
      expect(problem(withService({ image: { secure: "v1:abc" } }))).to.match(/^services\[0\]\.image: is encrypted/);
      expect(problems({ ...valid, cluster: { secure: "v1:abc" } })).to.include.members([
        "cluster.secure: is encrypted, and nothing here is secret: write it in plain",
      ]);
    });

    it("include unknown keys at every level, with the likely one", () => {
      expect(problem({ ...valid, peer: [] })).to.equal('peer: unknown key: did you mean "peers"?');
      expect(problem(withCluster({ httpport: 1 }))).to.equal('cluster.httpport: unknown key: did you mean "httpPort"?');
      expect(problem(withService({ replcas: 1 }))).to.equal(
        'services[0].replcas: unknown key: did you mean "replicas"?',
      );
      expect(problem(withService({ ingress: { hsot: "a" } }))).to.match(
        /^services\[0\]\.ingress\.hsot: unknown key: known/,
      );
      expect(problem(withService({ "a b": 1 }))).to.equal(
        'services[0]["a b"]: unknown key: known here are name, namespace, image, replicas, applicationName, applicationCluster, ingress',
      );
    });
  });

  describe("names", () => {
    for (const [written, instead] of [
      ["Foo_", "foo"],
      ["a.b", "a-b"],
      ["-a-", "a"],
      ["Test Namespace", "test-namespace"],
    ]) {
      it(`refuses ${written!} and proposes ${instead!}`, () => {
        const message = problem(withService({ namespace: written }));
        expect(message).to.contain(`services[0].namespace: "${written!}" is not a DNS-1123 label: write "${instead!}"`);
      });
    }

    it("refuses the empty name, and one of nothing usable", () => {
      expect(problem(withService({ name: "" }))).to.contain(
        '"" is not a DNS-1123 label: write a name such as "identity"',
      );
      expect(problem(withService({ name: "___" }))).to.contain('write a name such as "identity"');
    });

    it("allows 63 characters, and for a cluster as many as leave room for its node's name", () => {
      expect(problems(withService({ name: "a".repeat(63) }))).to.deep.equal([]);
      expect(problem(withService({ name: "a".repeat(64) }))).to.contain(`write "${"a".repeat(63)}"`);
      expect(problems(withCluster({ name: "a".repeat(49) }))).to.deep.equal([]);
      expect(problem(withCluster({ name: "a".repeat(50) }))).to.contain("at most 49 characters");
    });

    it("refuses a service that starts with a digit, as Kubernetes does, but not a namespace", () => {
      expect(problem(withService({ name: "2nd" }))).to.match(/"2nd" starts with a digit.*write "s2nd"$/);
      expect(problems(withService({ namespace: "2nd" }))).to.deep.equal([]);
    });

    for (const namespace of [
      "kube-system",
      "kube-public",
      "kube-node-lease",
      "skipper-ingress",
      "local-path-storage",
    ]) {
      it(`refuses the namespace ${namespace}`, () => {
        expect(problem(withService({ namespace })))
          .to.contain(`"${namespace}" is `)
          .and.contain("namespace: write another");
      });
    }

    it("allows the namespace default, save for the API's own name there", () => {
      expect(problems(withService({ namespace: "default" }))).to.deep.equal([]);
      expect(problem(withService({ namespace: "default", name: "kubernetes" }))).to.contain("the cluster's own API");
    });

    it("refuses a number or true for a name", () => {
      expect(problem(withService({ name: 5 }))).to.equal(
        'services[0].name: 5 is not text: write a name such as "identity"',
      );
      expect(problem(withService({ applicationName: true }))).to.contain("true is not text");
    });

    it("refuses an application name of no or several lines", () => {
      expect(problem(withService({ applicationName: " " }))).to.contain("is not a line of text");
      expect(problem(withService({ applicationCluster: "c".repeat(254) }))).to.contain("254 characters");
      expect(problem(withService({ applicationCluster: "a\nb" }))).to.contain('"a\\nb" is not a line of text');
    });

    it("refuses what is not an image", () => {
      for (const image of ["", "Identity:1", "a b", "identity:", "identity@sha256:12"]) {
        expect(problem(withService({ image })), image).to.contain("is not an image");
      }
      for (const image of ["identity", "a/b_c/d-e:1.0", "localhost:5080/identity", `r.io/i@sha256:${"a".repeat(64)}`]) {
        expect(problems(withService({ image })), image).to.deep.equal([]);
      }
    });
  });

  describe("numbers", () => {
    for (const replicas of [0, -1, 1.5, NaN, Infinity, 2 ** 31, "two", null]) {
      it(`refuses ${String(replicas)} replicas`, () => {
        expect(problem(withService({ replicas }))).to.match(
          /^services\[0\]\.replicas: .+ is not a whole number, at least 1: write /,
        );
      });
    }

    it("says how to write a number that is in quotes", () => {
      expect(problem(withService({ replicas: "3" }))).to.equal(
        'services[0].replicas: "3" is text: write 3, without quotes',
      );
    });

    it("takes ports that leave room for the registry's", () => {
      for (const httpPort of [1, 60_535]) expect(problems(withCluster({ httpPort }))).to.deep.equal([]);
      for (const httpPort of [0, -80, 60_536, 65_536, 80.5]) {
        expect(problem(withCluster({ httpPort }))).to.contain(
          `cluster.httpPort: ${httpPort} is not a whole number from 1 to 60535`,
        );
      }
    });

    it("takes up to 9 workers", () => {
      for (const workers of [0, 9]) expect(problems(withCluster({ workers }))).to.deep.equal([]);
      for (const workers of [-1, 10, 0.5])
        expect(problem(withCluster({ workers }))).to.contain("a whole number from 0 to 9");
    });
  });

  describe("exposedUrl", () => {
    for (const url of [
      "fleet.example.com",
      "ftp://a",
      "http://u:p@a",
      "http://a/b",
      "http://localhost",
      "http://a.svc",
      "",
      5,
    ]) {
      it(`refuses ${url}`, () => expect(problem({ ...valid, exposedUrl: url })).to.match(/^exposedUrl: .+write /));
    }

    it("never repeats a password", () => {
      expect(problem({ ...valid, exposedUrl: "http://me:hunter2@a" })).not.to.contain("hunter2");
    });
  });

  describe("from the runtime", () => {
    it("takes the project's keys, and reads objects and lists", () => {
      const all = {
        "identity:cluster": '{"name":"cluster1"}',
        "identity:exposedUrl": "http://a",
        "pulumi:tags": "{}",
        "identity2:x": "1",
      };
      expect(rawFromRuntime(all, "identity")).to.deep.equal({ cluster: { name: "cluster1" }, exposedUrl: "http://a" });
    });

    it("takes an empty list, however Pulumi writes it", () => {
      expect(
        rawFromRuntime({ "identity:peers": "", "identity:services": "[]", "identity:exposedUrl": "" }, "identity"),
      ).to.deep.equal({ peers: [], services: [], exposedUrl: "" });
    });

    it("leaves text that only looks like an object", () => {
      expect(rawFromRuntime({ "identity:cluster": "{name" }, "identity")).to.deep.equal({ cluster: "{name" });
    });
  });

  describe("any input", () => {
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

    it("that is valid keeps its values, and parses to the same again", () => {
      fc.assert(
        fc.property(anyValid, (raw) => {
          const once = parseStackConfig("development", raw);
          for (const [index, written] of raw.services.entries()) expect(once.services[index]).to.include(written);
          const { stack, ...rest } = once;
          expect(parseStackConfig(stack, rest)).to.deep.equal(once);
        }),
      );
    });

    it("that is invalid gives nothing but a ConfigError", () => {
      const any = fc.anything({ maxDepth: 1 });
      const keys = { name: any, namespace: any, alias: any, ingress: any, url: fc.webUrl(), stack: fc.string() };
      const list = fc.array(fc.oneof(any, fc.record(keys, { requiredKeys: [] })), { maxLength: 4 });
      const part = fc.oneof(any, list, fc.record({ httpPort: any, name: any }));
      const sections = { cluster: part, services: part, peers: part, exposedUrl: part, other: part };
      const raw = fc.record(sections, { requiredKeys: [] });
      fc.assert(
        fc.property(raw, raw, (mine, theirs) => {
          try {
            parseStackConfig("development", mine, { staging: theirs });
          } catch (error) {
            expect(error).to.be.instanceOf(ConfigError);
            expect((error as ConfigError).problems).not.to.be.empty;
          }
        }),
      );
    });
  });
});
