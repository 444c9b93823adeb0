import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { inTemporaryFolder } from "../../../host/temporary-folder.ts";
import { failureOf } from "../../support/failure.ts";

describe("inTemporaryFolder", () => {
  it("a temporary folder exists during the work, and is gone afterwards with all that is in it", async () => {
    const folder = await inTemporaryFolder("test-", (path) => {
      writeFileSync(join(path, "file"), "");
      return Promise.resolve(path);
    });
    expect(folder).to.contain("test-");
    expect(existsSync(folder)).to.equal(false);
  });

  it("a temporary folder is removed when the work fails, too", async () => {
    let folder = "";
    const failure = await failureOf(
      inTemporaryFolder("test-", (path) => {
        folder = path;
        return Promise.reject(new Error("no"));
      }),
    );
    expect(failure?.message).to.equal("no");
    expect(existsSync(folder)).to.equal(false);
  });
});
