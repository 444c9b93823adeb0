import { expect } from "chai";
import { plain, withImage } from "../../../../fleet/state/diagnostics.ts";

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

describe("withImage", () => {
  it("withImage names the image that a builder's words are about, and leaves others as they are", () => {
    const stack = "urn:pulumi:shop::identity::fleet:index:ServiceImage";
    const urn = `${stack}$docker:index/image:Image::web-1a2b3c4d`;
    expect(withImage(urn, "docker build failed")).to.equal("the image web-1a2b3c4d: docker build failed");
    expect(withImage(urn, "update failed")).to.equal("update failed");
    expect(withImage(`${stack}::x`, "no room")).to.equal("no room");
    expect(withImage(undefined, "no room")).to.equal("no room");
  });
});
