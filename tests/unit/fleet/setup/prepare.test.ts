import { expect } from "chai";
import { parseStackConfig } from "../../../../config/stack-config.ts";
import { needsOf } from "../../../../fleet/setup/prepare.ts";

describe("needsOf", () => {
  const config = (cluster: object) => parseStackConfig({ cluster, services: [] }, { stack: "s", project: "identity" });
  const configs = new Map([
    ["made", config({ name: "c", httpPort: 80 })],
    ["existing", config({ context: "eu" })],
    ["other", config({ context: "us" })],
  ]);

  it("what clusters are made of is needed for stacks on clusters that are made here, and for no others", () => {
    expect(needsOf(["existing", "other"], { configs })).to.equal("services");
    expect(needsOf(["existing", "made"], { configs })).to.equal("clusters");
    expect(needsOf(["made"], { configs })).to.equal("clusters");
  });

  it("a stack of which nothing is known may be on any cluster", () => {
    expect(needsOf(["existing", "unknown"], { configs })).to.equal("clusters");
  });
});
