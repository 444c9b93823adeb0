import { spawnSync } from "node:child_process";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { removeAbandoned } from "../../../../fleet/setup/temporary-folders.ts";
import { useTemporaryFolder } from "../../../support/temporary-folder.ts";

describe("removeAbandoned", () => {
  const root = useTemporaryFolder("temporary-folders-");

  it("the temporary folders of processes that have ended are removed, with what is in them", async () => {
    const { pid } = spawnSync(process.execPath, ["--version"]);
    for (const name of [String(pid), String(process.pid)]) {
      await mkdir(join(root(), name));
      await writeFile(join(root(), name, "kubeconfig123"), "secret");
    }
    removeAbandoned(root());
    expect(await readdir(root())).to.deep.equal([String(process.pid)]);
  });
});
