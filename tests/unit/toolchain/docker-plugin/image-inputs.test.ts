import { rmSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { contextDigest } from "../../../../toolchain/docker-plugin/context-digest.ts";
import { checkInputs, readInputs } from "../../../../toolchain/docker-plugin/image-inputs.ts";
import { useBuildContext } from "../../../support/build-context.ts";
import { pulumiSecret } from "../../../support/pulumi-secret.ts";

/** What Pulumi's engine sends for a value that is not known yet. */
const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

describe("checkInputs", () => {
  const context = useBuildContext();
  const dockerfile = () => join(context(), "Dockerfile");

  it("checkInputs fills in the inputs that the official docker plugin fills in", () => {
    const { inputs, failures } = checkInputs({
      imageName: "localhost:5001/a:latest",
      build: { context: context(), args: { A: "1" } },
    });
    expect(failures).to.deep.equal([]);
    expect(inputs).to.deep.equal({
      imageName: "localhost:5001/a:latest",
      skipPush: false,
      buildOnPreview: false,
      build: {
        context: context(),
        args: { A: "1" },
        dockerfile: dockerfile(),
        platform: `linux/${process.arch === "x64" ? "amd64" : process.arch}`,
        contextDigest: contextDigest(context(), dockerfile()),
      },
    });
  });

  it("checkInputs computes no digest of a context that is not known yet", () => {
    const { inputs, failures } = checkInputs({ imageName: unknownValue, build: { context: unknownValue } });
    expect(failures).to.deep.equal([]);
    expect(inputs.build).to.not.have.property("contextDigest");
  });

  it("checkInputs returns secrets as secrets, and readInputs unwraps them", () => {
    const args = pulumiSecret({ TOKEN: "t" });
    const { inputs } = checkInputs({ imageName: "a:1", build: { context: context(), args } });
    expect((inputs.build as { args: unknown }).args).to.equal(args);
    expect(readInputs(inputs).build.args).to.deep.equal({ TOKEN: "t" });
  });

  it("checkInputs names all inputs that are missing, or that the stand-in does not support, without their values", () => {
    const build = { context: context(), cacheFrom: {} };
    const { failures } = checkInputs({ registry: pulumiSecret({ password: "p" }), build, buildOnPreview: true });
    expect(failures.map(({ reason }) => reason.split(":")[0])).to.deep.equal([
      "build.cacheFrom",
      "registry.server",
      "registry.username",
      "imageName",
      "buildOnPreview",
    ]);
    expect(JSON.stringify(failures)).to.not.include('"p"');
  });

  it("checkInputs names the path of a Dockerfile that is missing", () => {
    rmSync(dockerfile());
    const { failures } = checkInputs({ imageName: "a:1", build: { context: context() } });
    expect(failures[0]?.reason).to.include(dockerfile());
  });
});
