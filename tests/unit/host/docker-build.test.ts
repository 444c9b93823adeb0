import { expect } from "chai";
import { buildArguments, digestOf, lastLinesOf, repositoryOf, withoutAdvice } from "../../../host/docker-build.ts";

describe("buildArguments", () => {
  it("buildArguments passes every input of the build to the docker command, and each name", () => {
    const build = {
      context: "./c",
      dockerfile: "c/Dockerfile",
      platform: "linux/amd64",
      target: "prod",
      args: { A: "x y", BASE: "node:24" },
    };
    expect(buildArguments(build, ["localhost:5080/web:1", "localhost:5081/web:1"])).to.deep.equal([
      "--tag=localhost:5080/web:1",
      "--tag=localhost:5081/web:1",
      "--file=c/Dockerfile",
      "--platform=linux/amd64",
      "--target=prod",
      "--build-arg=A=x y",
      "--build-arg=BASE=node:24",
      "./c",
    ]);
  });

  it("buildArguments leaves to the docker command what is not given", () => {
    expect(buildArguments({ context: "c" }, ["a:1"])).to.deep.equal(["--tag=a:1", "c"]);
  });
});

describe("lastLinesOf", () => {
  it("lastLinesOf has the last twenty lines of what was printed", () => {
    const output = Array.from({ length: 30 }, (_, index) => `line ${index}`).join("\n");
    const lines = lastLinesOf({ output: `${output}\n`, summary: "" }).split("\n");
    expect(lines).to.have.length(20);
    expect(lines.at(-1)).to.equal("line 29");
  });

  it("lastLinesOf says what became of a command that printed nothing, without its arguments", () => {
    const summary = "docker build --build-arg=TOKEN=secret . was ended after its deadline of 600 s";
    expect(lastLinesOf({ output: "", summary })).to.equal("was ended after its deadline of 600 s");
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
