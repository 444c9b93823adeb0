import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { isLiveProgram, liveProcess } from "../../../../toolchain/engine/pid-file.ts";
import { useTemporaryFolder } from "../../../support/temporary-folder.ts";

describe("liveProcess", () => {
  const folder = useTemporaryFolder();

  it("liveProcess ignores a process that has the number in the file, but runs another program", () => {
    const file = join(folder(), "docker.pid");
    writeFileSync(file, `${process.pid}\n`);
    expect(liveProcess(file, "dockerd")).to.equal(undefined);
  });

  it("liveProcess finds no process when the file is missing or empty", () => {
    expect(liveProcess(join(folder(), "none"), "dockerd")).to.equal(undefined);
    writeFileSync(join(folder(), "empty"), "");
    expect(liveProcess(join(folder(), "empty"), "dockerd")).to.equal(undefined);
  });
});

describe("isLiveProgram", () => {
  it("isLiveProgram is true for a running process of the program, and false for a zombie", () => {
    expect(isLiveProgram("42 (dockerd) S 1 42", "dockerd")).to.equal(true);
    expect(isLiveProgram("42 (dockerd) Z 1 42", "dockerd")).to.equal(false);
    expect(isLiveProgram("42 (strange) name) R 1 42", "strange) name")).to.equal(true);
    expect(isLiveProgram("", "dockerd")).to.equal(false);
  });
});
