import { expect } from "chai";
import {
  buildArguments,
  digestOf,
  loginSettings,
  repositoryOf,
  withoutAdvice,
} from "../../../../toolchain/docker-plugin/build-and-push.ts";

describe("buildArguments", () => {
  it("buildArguments passes every input of the build to the docker command", () => {
    const build = {
      context: "./c",
      dockerfile: "c/Dockerfile",
      platform: "linux/amd64",
      target: "prod",
      args: { A: "x y" },
    };
    expect(buildArguments({ imageName: "r/a:1", skipPush: false, build })).to.deep.equal(
      [
        "build",
        "--force-rm",
        "--tag",
        "r/a:1",
        "--file",
        "c/Dockerfile",
        "--platform",
        "linux/amd64",
        "--target",
        "prod",
      ].concat(["--build-arg", "A=x y", "./c"]),
    );
  });
});

describe("repositoryOf", () => {
  it("repositoryOf removes an image's tag, but not its registry's port", () => {
    expect(repositoryOf("localhost:5001/a/b:latest")).to.equal("localhost:5001/a/b");
    expect(repositoryOf("localhost:5001/a")).to.equal("localhost:5001/a");
  });
});

describe("digestOf", () => {
  it("digestOf returns the digest in the image's own repository, and fails where there is none", () => {
    const digests = ["other:5000/a@sha256:1", "localhost:5001/a@sha256:2"];
    expect(digestOf("localhost:5001/a:latest", digests)).to.equal("localhost:5001/a@sha256:2");
    expect(() => digestOf("elsewhere/a:1", digests)).to.throw("elsewhere/a:1");
  });
});

describe("withoutAdvice", () => {
  it("withoutAdvice leaves out what docker says of its builder, and nothing else", () => {
    const advice =
      "DEPRECATED: The legacy builder is deprecated and will be removed in a future release.\n" +
      "            Install the buildx component to build images with BuildKit:\n" +
      "            https://docs.docker.com/go/buildx/\n\n";
    expect(withoutAdvice(`Sending build context\n${advice}Step 1/5 : FROM x\n`)).to.equal(
      "Sending build context\nStep 1/5 : FROM x\n",
    );
    expect(withoutAdvice("Step 1/5\n  indented\n")).to.equal("Step 1/5\n  indented\n");
  });
});

describe("loginSettings", () => {
  it("loginSettings has one registry's login, and no other", () => {
    const settings = loginSettings({ server: "registry.example.com", username: "deploy", password: "p:w" });
    expect(JSON.parse(settings)).to.deep.equal({
      auths: { "registry.example.com": { auth: Buffer.from("deploy:p:w").toString("base64") } },
    });
  });
});
