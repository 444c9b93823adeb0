import { readFile, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { expect } from "chai";
import { engineInfo } from "../../../host/engine-info.ts";
import { setVariable } from "../../support/environment-variable.ts";
import { failureOf } from "../../support/failure.ts";
import { useTemporaryFolder } from "../../support/temporary-folder.ts";

describe("engineInfo", () => {
  const folder = useTemporaryFolder();
  let restorePath: () => void;
  beforeEach(() => (restorePath = setVariable("PATH", [folder(), process.env.PATH].join(delimiter))));
  afterEach(() => restorePath());

  /** Has the docker command print a line, or fail, and note each time that it is run. */
  const answer = (line: string, status = 0): Promise<void> =>
    writeFile(join(folder(), "docker"), `#!/bin/sh\necho >> ${folder()}/asked\necho '${line}'\nexit ${status}\n`, {
      mode: 0o755,
    });
  const timesAsked = async () => (await readFile(join(folder(), "asked"), "utf8")).length;

  it("an engine is asked once, however often and by however many", async () => {
    await answer('{"ServerVersion":"29.1.0","ID":"a"}');
    const all = await Promise.all([engineInfo(), engineInfo()]);
    expect([...all, await engineInfo()].map(({ ID }) => ID)).to.deep.equal(["a", "a", "a"]);
    expect(await timesAsked()).to.equal(1);
  });

  it("an engine that does not answer is asked again, also where the docker command prints zeros", async () => {
    await answer("", 1);
    expect(await failureOf(engineInfo())).to.be.an("error");
    await answer('{"ServerVersion":"","NCPU":0}');
    expect((await engineInfo()).NCPU).to.equal(0);
    await answer('{"ServerVersion":"29.1.0","NCPU":2}');
    expect((await engineInfo()).NCPU).to.equal(2);
  });
});
