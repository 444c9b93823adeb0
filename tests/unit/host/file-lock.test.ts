import { readFile, writeFile } from "node:fs/promises";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect } from "chai";
import { withFileLock } from "../../../host/file-lock.ts";
import { failureOf } from "../../support/failure.ts";
import { useTemporaryFolder } from "../../support/temporary-folder.ts";

describe("withFileLock", () => {
  const folder = useTemporaryFolder("file-lock-");
  const lock = () => join(folder(), "config.lock");

  it("work under the same lock is done one after the other, and the lock goes even when it fails", async () => {
    const events: string[] = [];
    const work = (name: string) => async () => {
      events.push(`${name} begins`);
      await new Promise((resolve) => setTimeout(resolve, 50));
      events.push(`${name} ends`);
      throw new Error(name);
    };
    const results = await Promise.allSettled([withFileLock(lock(), work("a")), withFileLock(lock(), work("b"))]);
    expect(results.map(({ status }) => status)).to.deep.equal(["rejected", "rejected"]);
    expect(events[0]!.replace("begins", "ends")).to.equal(events[1]);
    expect(await failureOf(readFile(lock()))).to.have.property("code", "ENOENT");
  });

  it("a lock that a killed process of ours left is taken", async () => {
    const { pid } = spawnSync(process.execPath, ["--version"]);
    await writeFile(lock(), `process ${pid}\n`);
    expect(await withFileLock(lock(), () => Promise.resolve("done"))).to.equal("done");
  });

  it("a folder that can't be written fails at once", async () => {
    const failure = await failureOf(withFileLock(join(folder(), "none", "config.lock"), () => Promise.resolve()));
    expect(failure).to.have.property("code", "ENOENT");
  });
});
