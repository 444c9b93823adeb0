import { chmod, readFile, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { expect } from "chai";
import { inTemporaryFolder } from "../../../../host/temporary-folder.ts";
import {
  buildAndPush,
  loginSettings,
  refuseOtherPlatform,
} from "../../../../toolchain/docker-plugin/build-and-push.ts";
import { failureOf } from "../../../support/failure.ts";
import { setVariable } from "../../../support/environment-variable.ts";

/** Runs some work with a docker command that only notes its arguments, and fails to build where `./broken` is. */
const withNotingDocker = (work: (noted: () => Promise<string[]>) => Promise<void>): Promise<void> =>
  inTemporaryFolder("docker-", async (folder) => {
    const log = join(folder, "log");
    const script =
      `#!/bin/sh\necho "$1 $2 $3 $4" >> ${log}\ncase "$*" in *./broken) exit 1;; esac\n` +
      `sleep 0.1\ncase "$*" in *{{.Os}}*) echo sha256:1 linux/amd64;; *) echo '["sha256:1"]';; esac\n`;
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
        "build --force-rm --tag=one/a:1 --file=c/Dockerfile",
        "build --force-rm --tag=two/b:1 --file=c/Dockerfile",
        "tag sha256:1 two/a:1 ",
      ]);
    }));

  it("tells each stack of a build that fails", () =>
    withNotingDocker(async () => {
      const builds = ["one/c:1", "two/c:1"].map((name) => buildAndPush(image(name, "bad", "./broken"), signal));
      for (const failure of await Promise.all(builds.map(failureOf)))
        expect(failure?.message).to.contain("docker build failed");
    }));
});

describe("refuseOtherPlatform", () => {
  it("refuseOtherPlatform accepts what was asked for, by any of its names and in any variant", () => {
    for (const [asked, is] of [
      ["linux/amd64", "linux/amd64"],
      ["linux/arm/v7", "linux/arm"],
      ["linux/arm64/v8", "linux/arm64"],
      ["linux/aarch64", "linux/arm64"],
    ] as const) {
      expect(() => refuseOtherPlatform("r/a:1", asked, is), asked).not.to.throw();
    }
  });

  it("refuseOtherPlatform refuses an image that is for another platform, and says what to do", () => {
    expect(() => refuseOtherPlatform("r/a:1", "linux/arm64", "linux/amd64"))
      .to.throw("r/a:1 was built for linux/amd64, not for linux/arm64")
      .with.property("message")
      .that.includes("Pull it for linux/arm64");
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
