import { expect } from "chai";
import { rawFromRuntime } from "../../../config/raw-config.ts";

describe("rawFromRuntime", () => {
  it("rawFromRuntime returns the project's keys alone, and parses objects and lists", () => {
    const all = {
      "identity:cluster": '{"name":"cluster1"}',
      "identity:exposedUrl": "http://a",
      "pulumi:tags": "{}",
      "identity2:x": "1",
    };
    expect(rawFromRuntime(all, "identity")).to.deep.equal({ cluster: { name: "cluster1" }, exposedUrl: "http://a" });
  });

  it("rawFromRuntime returns an empty list for services and peers, whether Pulumi wrote [] or empty text", () => {
    expect(
      rawFromRuntime({ "identity:peers": "", "identity:services": "[]", "identity:exposedUrl": "" }, "identity"),
    ).to.deep.equal({ peers: [], services: [], exposedUrl: "" });
  });

  it("rawFromRuntime keeps text that starts like an object but is not JSON", () => {
    expect(rawFromRuntime({ "identity:cluster": "{name" }, "identity")).to.deep.equal({ cluster: "{name" });
  });
});
