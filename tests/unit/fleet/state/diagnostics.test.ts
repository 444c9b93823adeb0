import { expect } from "chai";
import { plain } from "../../../../fleet/state/diagnostics.ts";

describe("plain", () => {
  it("plain leaves out colours, and what Pulumi puts around an error of ours", () => {
    expect(plain("<{%fg 1%}>no \u001b[31mroom<{%reset%}> ")).to.equal("no room");
    const wrapped = [
      'Error: error serializing property "spec": services[1] (shop/web): the image runs as root: write "runAsUser: 65532"',
      "    at file:///project/stacks/deploy.ts:144:38",
      "    at processTicksAndRejections (node:internal/process/task_queues:104:5)",
      "    at applyHelperAsync (/project/node_modules/@pulumi/output.ts:519:25)",
    ].join("\n");
    expect(plain(wrapped)).to.equal('services[1] (shop/web): the image runs as root: write "runAsUser: 65532"');
  });

  it("plain keeps words that only look like it", () => {
    expect(plain("it failed\n  at the first try")).to.equal("it failed\n  at the first try");
  });
});
