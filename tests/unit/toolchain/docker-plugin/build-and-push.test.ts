import { chmod, readFile, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { expect } from "chai";
import { inTemporaryFolder } from "../../../../host/temporary-folder.ts";
import {
  buildAndPush,
  buildArguments,
  digestOf,
  loginSettings,
  repositoryOf,
  withoutAdvice,
} from "../../../../toolchain/docker-plugin/build-and-push.ts";
import { failureOf } from "../../../support/failure.ts";
import { setVariable } from "../../../support/environment-variable.ts";

/** Runs some work with a docker command that only notes its arguments, and fails to build where `./broken` is. */
const withNotingDocker = (work: (noted: () => Promise<string[]>) => Promise<void>): Promise<void> =>
  inTemporaryFolder("docker-", async (folder) => {
    const log = join(folder, "log");
    const script =
      `#!/bin/sh\necho "$1 $2 $3 $4" >> ${log}\ncase "$*" in *./broken) exit 1;; esac\n` +
      `sleep 0.1\necho '["sha256:1"]'\n`;
    await writeFile(join(folder, "docker"), script);
    await chmod(join(folder, "docker"), 0o755);
    const restore = setVariable("PATH", [folder, process.env.PATH].join(delimiter));
    try {
      await work(async () => (await readFile(log, "utf8")).trim().split("\n"));
    } finally {
      restore();
    }
  });

describe("buildAndPush", () => {
  const signal = new AbortController().signal;
  const image = (imageName: string, contextDigest: string, context = "./c") => ({
    imageName,
    skipPush: true,
    build: { context, contextDigest, dockerfile: "c/Dockerfile", platform: "linux/amd64", args: {} },
  });

  it("builds once what several stacks build from the same", () =>
    withNotingDocker(async (noted) => {
      await Promise.all([
        buildAndPush(image("one/a:1", "same"), signal),
        buildAndPush(image("two/a:1", "same"), signal),
        buildAndPush(image("two/b:1", "other"), signal),
      ]);
      const lines = (await noted()).filter((line) => !line.startsWith("image"));
      expect(lines.sort()).to.deep.equal([
        "build --force-rm --tag one/a:1",
        "build --force-rm --tag two/b:1",
        "tag one/a:1 two/a:1 ",
      ]);
    }));

  it("tells each stack of a build that fails", () =>
    withNotingDocker(async () => {
      const builds = ["one/c:1", "two/c:1"].map((name) => buildAndPush(image(name, "bad", "./broken"), signal));
      for (const failure of await Promise.all(builds.map(failureOf)))
        expect(failure?.message).to.contain("docker build failed");
    }));
});

describe("buildArguments", () => {
  it("buildArguments passes every input of the build to the docker command", () => {
    const build = {
      context: "./c",
      contextDigest: "1",
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
