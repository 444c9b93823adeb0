import { expect } from "chai";
import { BuilderLines, plain, withImage, withRemedy } from "../../../../fleet/state/diagnostics.ts";

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

describe("BuilderLines", () => {
  const urnOf = (image: string) =>
    `urn:pulumi:s::identity::fleet:index:ServiceImage$docker:index/image:Image::${image}`;
  const failed = "error reading build output: executor failed running [npm ci]: exit code: 1";

  it("explain adds the last lines of the image's own builder, without its progress, to a failed build", () => {
    const builders = new BuilderLines();
    for (let line = 1; line <= 30; line++) builders.hear(urnOf("web"), `step ${line}`);
    builders.hear(urnOf("web"), "digest: sha256:c3b0");
    builders.hear(urnOf("web"), "npm error missing: left-pad\n");
    builders.hear(urnOf("web"), "error: executor failed running [npm ci]: exit code: 1");
    builders.hear(urnOf("api"), "all is well");
    builders.hear(undefined, "nobody's");
    const lines = builders.explain(urnOf("web"), failed).split("\n");
    expect(lines).to.have.length(20);
    expect(lines[0]).to.equal(failed);
    expect(lines[1]).to.equal("step 13");
    expect(lines.at(-1)).to.equal("npm error missing: left-pad");
  });

  it("explain leaves other messages, and builds of which nothing was heard, as they are", () => {
    const builders = new BuilderLines();
    builders.hear(urnOf("web"), "step 1");
    expect(builders.explain(urnOf("web"), "error reading push output: EOF")).to.equal("error reading push output: EOF");
    expect(builders.explain(urnOf("api"), failed)).to.equal(failed);
    builders.forget();
    expect(builders.explain(urnOf("web"), failed)).to.equal(failed);
  });
});

describe("withRemedy", () => {
  it("withRemedy says what to do where the docker plugin finds no engine", () => {
    const message =
      "docker native provider returned an unexpected error from Configure: failed to connect to any docker daemon";
    expect(withRemedy(message)).to.include("no Docker engine answers").and.include("npm run tools");
    expect(withRemedy("no room")).to.equal("no room");
  });
});
