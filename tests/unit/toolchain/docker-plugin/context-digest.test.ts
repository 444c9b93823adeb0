import { chmodSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { contextDigest } from "../../../../toolchain/docker-plugin/context-digest.ts";
import { useBuildContext } from "../../../support/build-context.ts";

describe("contextDigest", () => {
  const context = useBuildContext();
  const dockerfile = () => join(context(), "Dockerfile");
  const digest = () => contextDigest(context(), dockerfile());

  it("a build context's digest does not change with its files' times", () => {
    const before = digest();
    utimesSync(join(context(), "app", "main.js"), 1, 1);
    expect(digest()).to.equal(before);
  });

  it("a build context's digest does not change with what .dockerignore leaves out", () => {
    writeFileSync(join(context(), ".dockerignore"), "*.log\n");
    const before = digest();
    writeFileSync(join(context(), "build.log"), "1");
    expect(digest()).to.equal(before);
    writeFileSync(join(context(), ".dockerignore"), "");
    expect(digest()).to.not.equal(before);
  });

  it("a build context's digest follows the Dockerfile's own .dockerignore before the context's", () => {
    writeFileSync(join(context(), ".dockerignore"), "");
    writeFileSync(`${dockerfile()}.dockerignore`, "*.log\n");
    const before = digest();
    writeFileSync(join(context(), "build.log"), "1");
    expect(digest()).to.equal(before);
  });

  const changes: Record<string, () => void> = {
    "a file's content": () => writeFileSync(join(context(), "app", "main.js"), "2"),
    "a file's name": () => writeFileSync(join(context(), "app", "other.js"), "1"),
    "the right to execute a file": () => chmodSync(join(context(), "app", "main.js"), 0o755),
    "a link": () => symlinkSync("main.js", join(context(), "app", "link")),
    "the Dockerfile": () => writeFileSync(dockerfile(), "FROM other\n"),
  };
  for (const [what, change] of Object.entries(changes)) {
    it(`a build context's digest changes with ${what}`, () => {
      const before = digest();
      change();
      expect(digest()).to.not.equal(before);
    });
  }
});
