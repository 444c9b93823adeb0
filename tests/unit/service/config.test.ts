import { expect } from "chai";
import { ConfigError, readConfig } from "../../../service/src/settings.ts";

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    readConfig(env);
  } catch (err) {
    if (err instanceof ConfigError) return err.problems;
    throw err;
  }
  return [];
}

describe("the service's configuration", () => {
  it("has a default for everything", () => {
    expect(readConfig({})).to.deep.equal({
      name: "service1",
      cluster: "cluster1",
      port: 5000,
      metricsPort: 9090,
      logLevel: "info",
      drainDelay: 2,
      drainTimeout: 15,
    });
  });

  it("comes from the environment", () => {
    const env = { NAME: "identity", CLUSTER: "staging", PORT: "8080", METRICS_PORT: "8081", LOG_LEVEL: "silent" };
    expect(readConfig({ ...env, DRAIN_DELAY: "0.5", DRAIN_TIMEOUT: "30" })).to.deep.equal({
      name: "identity",
      cluster: "staging",
      port: 8080,
      metricsPort: 8081,
      logLevel: "silent",
      drainDelay: 0.5,
      drainTimeout: 30,
    });
  });

  const bad: Record<string, readonly string[]> = {
    NAME: ["", "  ", "a\nb", "x".repeat(254)],
    CLUSTER: ["", "\u0000"],
    PORT: ["abc", "", "-1", "65536", "80.5", "0x50", " 80"],
    METRICS_PORT: ["abc", "70000"],
    LOG_LEVEL: ["loud", "", "INFO"],
    DRAIN_DELAY: ["soon", "-1", "1e3", "3601"],
    DRAIN_TIMEOUT: ["", "Infinity"],
  };
  for (const [variable, values] of Object.entries(bad)) {
    for (const value of values) {
      it(`refuses ${variable}=${JSON.stringify(value.slice(0, 10))}`, () => {
        const problems = problemsOf({ [variable]: value });
        expect(problems).to.have.length(1);
        expect(problems[0]).to.match(new RegExp(`^${variable}: must be .*not "`));
      });
    }
  }

  it("refuses one port for two purposes, but two free ones", () => {
    expect(problemsOf({ PORT: "9090" })).to.deep.equal(["METRICS_PORT: must differ from PORT, both are 9090"]);
    expect(problemsOf({ PORT: "0", METRICS_PORT: "0" })).to.deep.equal([]);
  });

  it("refuses a drain that ends before it begins", () => {
    expect(problemsOf({ DRAIN_DELAY: "20" })).to.deep.equal([
      "DRAIN_TIMEOUT: must not be below DRAIN_DELAY, 15 is below 20",
    ]);
  });

  it("lists every mistake in one message", () => {
    expect(() => readConfig({ PORT: "abc", NAME: "", LOG_LEVEL: "loud" })).to.throw(
      ConfigError,
      /3 bad setting\(s\)[^]*NAME: [^]*PORT: must be a whole number from 0 to 65535, not "abc"[^]*LOG_LEVEL: /,
    );
  });
});
