import { expect } from "chai";
import { readSettings, SettingsError } from "../../../../service/src/settings.ts";

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    readSettings(env);
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
  return [];
}

describe("readSettings", () => {
  it("readSettings has a default for every setting", () => {
    expect(readSettings({})).to.deep.equal({
      name: "service1",
      cluster: "cluster1",
      port: 5000,
      metricsPort: 9090,
      logLevel: "info",
      drainDelaySeconds: 2,
      drainTimeoutSeconds: 15,
    });
  });

  it("readSettings reads every setting from the environment", () => {
    const env = { NAME: "identity", CLUSTER: "staging", PORT: "8080", METRICS_PORT: "8081", LOG_LEVEL: "silent" };
    expect(readSettings({ ...env, DRAIN_DELAY: "0.5", DRAIN_TIMEOUT: "30" })).to.deep.equal({
      name: "identity",
      cluster: "staging",
      port: 8080,
      metricsPort: 8081,
      logLevel: "silent",
      drainDelaySeconds: 0.5,
      drainTimeoutSeconds: 30,
    });
  });

  const badValues: Record<string, readonly string[]> = {
    NAME: ["", "  ", "a\nb", "x".repeat(254)],
    CLUSTER: ["", "\u0000"],
    PORT: ["abc", "", "-1", "65536", "80.5", "0x50", " 80"],
    METRICS_PORT: ["abc", "70000"],
    LOG_LEVEL: ["loud", "", "INFO"],
    DRAIN_DELAY: ["soon", "-1", "1e3", "3601"],
    DRAIN_TIMEOUT: ["", "Infinity"],
  };
  for (const [variable, values] of Object.entries(badValues)) {
    for (const value of values) {
      it(`readSettings refuses ${variable}=${JSON.stringify(value.slice(0, 10))}`, () => {
        const problems = problemsOf({ [variable]: value });
        expect(problems).to.have.length(1);
        expect(problems[0]).to.match(new RegExp(`^${variable}: must be .*not "`));
      });
    }
  }

  it("readSettings refuses the same PORT and METRICS_PORT, unless both are 0", () => {
    expect(problemsOf({ PORT: "9090" })).to.deep.equal(["METRICS_PORT: must differ from PORT, both are 9090"]);
    expect(problemsOf({ PORT: "0", METRICS_PORT: "0" })).to.deep.equal([]);
  });

  it("readSettings refuses a DRAIN_TIMEOUT that is shorter than DRAIN_DELAY", () => {
    expect(problemsOf({ DRAIN_DELAY: "20" })).to.deep.equal([
      "DRAIN_TIMEOUT: must not be below DRAIN_DELAY, 15 is below 20",
    ]);
  });

  it("readSettings lists all problems in one message", () => {
    expect(() => readSettings({ PORT: "abc", NAME: "", LOG_LEVEL: "loud" })).to.throw(
      SettingsError,
      /3 bad setting\(s\)[^]*NAME: [^]*PORT: must be a whole number from 0 to 65535, not "abc"[^]*LOG_LEVEL: /,
    );
  });
});
