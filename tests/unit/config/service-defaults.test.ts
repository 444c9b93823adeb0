import { expect } from "chai";
import { cluster, parse, problemsOf } from "../../support/stack-configs.ts";

const services = [{ name: "a" }, { name: "b", namespace: "own", env: { LOG_LEVEL: "info" }, image: "b:1", port: 1 }];

describe("defaults of services", () => {
  it("a service has what the defaults say and it does not, and variables of both", () => {
    const defaults = { namespace: "shop", replicas: 1, build: ".", ports: [], env: { LOG_LEVEL: "debug", ZONE: "x" } };
    const [a, b] = parse({ cluster, defaults, services }).services;
    expect(a).to.deep.include({
      namespace: "shop",
      replicas: 1,
      build: { context: "." },
      env: { LOG_LEVEL: "debug", ZONE: "x" },
    });
    expect(b).to.deep.include({
      namespace: "own",
      replicas: 1,
      image: "b:1",
      port: 1,
      env: { LOG_LEVEL: "info", ZONE: "x" },
    });
    expect(b).not.to.have.any.keys("build", "ports");
  });

  it("a problem of the defaults is told once, at the defaults", () => {
    const defaults = { namespace: "shop", replicas: "1", nme: 1, env: { A: {} } };
    expect(problemsOf({ cluster, defaults, services }).map((problem) => problem.split(":")[0])).to.have.members([
      "defaults.replicas",
      "defaults.nme",
      "defaults.env.A",
    ]);
  });
});
