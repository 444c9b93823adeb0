import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { stepsToMake } from "../../../toolchain/go/artifact.ts";
import { slowhttptest } from "../../../toolchain/tools/debian-package.ts";
import { failureOf } from "../../support/failure.ts";
import { setVariable } from "../../support/environment-variable.ts";

describe("a tool out of Debian's package", () => {
  let folder: string;
  let restore: () => void;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "path-"));
    const [path, cache] = [setVariable("PATH", folder), setVariable("XDG_CACHE_HOME", folder)];
    restore = () => [path, cache].forEach((undo) => undo());
  });
  afterEach(async () => {
    restore();
    await rm(folder, { recursive: true });
  });

  it("is the one on the PATH, where there is one", async () => {
    await writeFile(join(folder, "slowhttptest"), "", { mode: 0o755 });
    const tool = slowhttptest();
    expect(tool.file).to.equal(join(folder, "slowhttptest"));
    expect(stepsToMake([tool], undefined)).to.deep.equal([]);
  });

  it("is kept in the cache otherwise, once it was taken out", () => {
    const tool = slowhttptest();
    expect(tool.file).to.match(/kind-fleet\/slowhttptest-debian-[^/]+\/slowhttptest$/);
    expect(stepsToMake([tool], undefined)).to.have.length(1);
  });

  it("tells what to install where there is neither", async () => {
    const failure = await failureOf(slowhttptest().make(undefined, folder, join(folder, "log")));
    expect(failure?.message).to.contain("There is no slowhttptest on the PATH: install it");
  });
});
