import { expect } from "chai";
import { ConfigError } from "../../../config/config-error.ts";
import { parseStackConfig } from "../../../config/stack-config.ts";
import { problemsOf, service } from "../../support/stack-configs.ts";

describe("ConfigError", () => {
  it("a ConfigError has every problem of a stack's file, in the order of the file, one per line", () => {
    const raw = {
      exposedUrl: "ftp://x",
      extra: 1,
      peers: [{ alias: "a", namespace: "default" }],
      services: [service, { ...service, namespace: "Foo_", replicas: 0 }],
      cluster: { name: "cluster1" },
    };
    const parseStaging = () => parseStackConfig(raw, { stack: "staging", project: "identity" });
    expect(parseStaging).to.throw(ConfigError).with.property("file", "Pulumi.staging.yaml");
    expect(problemsOf(raw).map((line) => line.split(":")[0])).to.deep.equal([
      "cluster.httpPort",
      "services[1].namespace",
      "services[1].replicas",
      "peers[0]",
      "exposedUrl",
      "extra",
    ]);
    expect(parseStaging).to.throw(
      /^(Pulumi\.staging\.yaml: \S+: .+\n){5}Pulumi\.staging\.yaml: extra: unknown key: .+$/,
    );
  });
});
