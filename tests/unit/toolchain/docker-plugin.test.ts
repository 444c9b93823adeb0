import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { contextDigest } from "../../../toolchain/docker-plugin/context-digest.ts";
import { buildArguments, digestOf, repositoryOf } from "../../../toolchain/docker-plugin/build-and-push.ts";
import { checkInputs, readInputs } from "../../../toolchain/docker-plugin/image-inputs.ts";
import { imageProvider } from "../../../toolchain/docker-plugin/image-provider.ts";
import { plain, typeOf } from "../../../toolchain/docker-plugin/pulumi-values.ts";

const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const secret = (value: unknown) => ({ "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value });

describe("the docker plugin's stand-in", () => {
  let context: string;
  const dockerfile = () => join(context, "Dockerfile");
  beforeEach(() => {
    context = mkdtempSync(join(tmpdir(), "context-"));
    writeFileSync(dockerfile(), "FROM scratch\n");
    mkdirSync(join(context, "app"));
    writeFileSync(join(context, "app", "main.js"), "1");
  });
  afterEach(() => rmSync(context, { recursive: true }));

  const digest = () => contextDigest(context, dockerfile());

  it("sees no change in times", () => {
    const before = digest();
    utimesSync(join(context, "app", "main.js"), 1, 1);
    expect(digest()).to.equal(before);
  });

  const changes: Record<string, () => void> = {
    content: () => writeFileSync(join(context, "app", "main.js"), "2"),
    "a name": () => writeFileSync(join(context, "app", "other.js"), "1"),
    "the right to execute": () => chmodSync(join(context, "app", "main.js"), 0o755),
    "a link": () => symlinkSync("main.js", join(context, "app", "link")),
    "the Dockerfile": () => writeFileSync(dockerfile(), "FROM other\n"),
  };
  for (const [what, change] of Object.entries(changes)) {
    it(`sees a change of ${what}`, () => {
      const before = digest();
      change();
      expect(digest()).to.not.equal(before);
    });
  }

  it("fills in what the official one fills in", () => {
    const { inputs, failures } = checkInputs({
      imageName: "localhost:5001/a:latest",
      build: { context, args: { A: "1" } },
    });
    expect(failures).to.deep.equal([]);
    expect(inputs).to.deep.equal({
      imageName: "localhost:5001/a:latest",
      skipPush: false,
      buildOnPreview: false,
      build: {
        context,
        args: { A: "1" },
        dockerfile: dockerfile(),
        platform: `linux/${process.arch === "x64" ? "amd64" : process.arch}`,
        contextDigest: digest(),
      },
    });
  });

  it("waits for what is not known yet", () => {
    const { inputs, failures } = checkInputs({ imageName: unknown, build: { context: unknown } });
    expect(failures).to.deep.equal([]);
    expect(inputs["build"]).to.not.have.property("contextDigest");
  });

  it("hands secrets back as secrets, and reads them for use", () => {
    const args = secret({ TOKEN: "t" });
    const { inputs } = checkInputs({ imageName: "a:1", build: { context, args } });
    expect((inputs["build"] as { args: unknown }).args).to.equal(args);
    expect(readInputs(inputs).build.args).to.deep.equal({ TOKEN: "t" });
    expect(plain([secret({ deep: secret(1) })])).to.deep.equal([{ deep: 1 }]);
  });

  it("names every input that it can't serve, at once, and no value", () => {
    const raw = { registry: secret({ password: "p" }), build: { context, cacheFrom: {} }, buildOnPreview: true };
    const { failures } = checkInputs(raw);
    expect(failures.map(({ reason }) => reason.split(":")[0])).to.deep.equal([
      "build.cacheFrom",
      "registry",
      "imageName",
      "buildOnPreview",
    ]);
    expect(JSON.stringify(failures)).to.not.include('"p"');
  });

  it("says where a Dockerfile is missing", () => {
    rmSync(dockerfile());
    const { failures } = checkInputs({ imageName: "a:1", build: { context } });
    expect(failures[0]?.reason).to.include(dockerfile());
  });

  it("builds by the docker command as asked", () => {
    const build = {
      context: "./c",
      dockerfile: "c/Dockerfile",
      platform: "linux/amd64",
      target: "prod",
      args: { A: "x y" },
    };
    expect(buildArguments({ imageName: "r/a:1", skipPush: false, build })).to.deep.equal(
      ["build", "--tag", "r/a:1", "--file", "c/Dockerfile", "--platform", "linux/amd64", "--target", "prod"].concat([
        "--build-arg",
        "A=x y",
        "./c",
      ]),
    );
  });

  it("knows a tag from a registry's port", () => {
    expect(repositoryOf("localhost:5001/a/b:latest")).to.equal("localhost:5001/a/b");
    expect(repositoryOf("localhost:5001/a")).to.equal("localhost:5001/a");
  });

  it("takes the digest in the image's own repository, and complains where there is none", () => {
    const digests = ["other:5000/a@sha256:1", "localhost:5001/a@sha256:2"];
    expect(digestOf("localhost:5001/a:latest", digests)).to.equal("localhost:5001/a@sha256:2");
    expect(() => digestOf("elsewhere/a:1", digests)).to.throw("elsewhere/a:1");
  });

  it("refuses every other resource and function, and says what it is", async () => {
    const { check, invoke } = imageProvider();
    const urn = "urn:pulumi:s::p::my:Component$docker:index/network:Network::n";
    const checked = await check?.(urn, {}, {});
    expect(checked?.failures?.[0]?.reason).to.include("stand-in").and.include("docker:index/network:Network");
    expect(await invoke?.("docker:index/getNetwork:getNetwork", {}).catch(String)).to.include("stand-in");
  });

  it("reads the type in a component's child's URN", () => {
    expect(typeOf("urn:pulumi:s::p::a:b:C$docker:index/image:Image::x")).to.equal("docker:index/image:Image");
  });
});
