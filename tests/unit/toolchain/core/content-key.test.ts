import { utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { contentKey, hashFolder } from "../../../../toolchain/core/content-key.ts";
import { useTemporaryFolder } from "../../../support/temporary-folder.ts";

describe("contentKey", () => {
  it("a content key depends on every part and on their order", () => {
    const keys = [contentKey("a", "b"), contentKey("b", "a"), contentKey("ab"), contentKey("a", "b", { flag: true })];
    expect(new Set(keys).size).to.equal(4);
    expect(contentKey("a", "b")).to.equal(keys[0]);
  });
});

describe("hashFolder", () => {
  const folder = useTemporaryFolder();

  it("a folder's hash depends on its files' names and contents, not on their times", () => {
    const file = join(folder(), "go.mod");
    writeFileSync(file, "module a");
    const before = hashFolder(folder());
    utimesSync(file, 0, 0);
    expect(hashFolder(folder())).to.equal(before);
    writeFileSync(file, "module b");
    expect(hashFolder(folder())).to.not.equal(before);
  });
});
