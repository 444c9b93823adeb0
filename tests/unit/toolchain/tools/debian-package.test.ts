import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { stepsToMake } from "../../../../toolchain/go/artifact.ts";
import { slowhttptest } from "../../../../toolchain/tools/debian-package.ts";
import { setVariable } from "../../../support/environment-variable.ts";
import { failureOf } from "../../../support/failure.ts";
import { useOwnCache } from "../../../support/own-cache.ts";
import { useTemporaryFolder } from "../../../support/temporary-folder.ts";

describe("slowhttptest", () => {
  useOwnCache();
  const folder = useTemporaryFolder();
  let restorePath: () => void;
  beforeEach(() => {
    restorePath = setVariable("PATH", folder());
  });
  afterEach(() => restorePath());

  it("slowhttptest is used from the PATH where it is installed", async () => {
    await writeFile(join(folder(), "slowhttptest"), "", { mode: 0o755 });
    const tool = slowhttptest();
    expect(tool.file).to.equal(join(folder(), "slowhttptest"));
    expect(stepsToMake([tool], undefined)).to.deep.equal([]);
  });

  it("slowhttptest is taken out of Debian's package and kept in the cache where it is not installed", () => {
    const tool = slowhttptest();
    expect(tool.file).to.match(/kind-fleet\/slowhttptest-debian-[^/]+\/slowhttptest$/);
    expect(stepsToMake([tool], undefined)).to.have.length(1);
  });

  it("slowhttptest can't be had without apt, and the message says what to install", async () => {
    const failure = await failureOf(slowhttptest().make(undefined, folder(), join(folder(), "log")));
    expect(failure?.message).to.contain("There is no slowhttptest on the PATH: install it");
  });
});
