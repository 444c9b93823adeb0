import { readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { expect } from "chai";
import { downloadPackage, installPackages, isListed } from "../../../../toolchain/core/apt.ts";
import { ToolchainError } from "../../../../toolchain/core/toolchain-error.ts";
import { setVariable } from "../../../support/environment-variable.ts";
import { failureOf } from "../../../support/failure.ts";
import { useTemporaryFolder } from "../../../support/temporary-folder.ts";

describe("apt", () => {
  const programs = useTemporaryFolder();
  const folder = useTemporaryFolder();
  const log = () => join(programs(), "log");
  let restore: (() => void)[];
  beforeEach(() => {
    const path = [programs(), process.env.PATH ?? ""].join(delimiter);
    restore = [setVariable("PATH", path), setVariable("DEBIAN_FRONTEND", "dialog")];
  });
  afterEach(() => {
    for (const restoreVariable of restore) restoreVariable();
  });

  const callsFile = () => join(programs(), "calls");
  /** Puts a program on the PATH that writes its arguments to a file of calls, and then runs the script. */
  const fakeProgram = (name: string, script: string): void => {
    const lines = ["#!/bin/sh", `echo "$*" >> '${callsFile()}'`, script];
    writeFileSync(join(programs(), name), lines.join("\n"), { mode: 0o755 });
  };
  const calls = () => readFileSync(callsFile(), "utf8").trimEnd().split("\n");

  it("installPackages installs packages without their recommendations and without questions", async () => {
    fakeProgram("apt-get", 'echo "frontend: $DEBIAN_FRONTEND"');
    await installPackages(["debootstrap", "iptables"], log());
    expect(calls()).to.deep.equal(["install -y --no-install-recommends debootstrap iptables"]);
    expect(readFileSync(log(), "utf8")).to.equal("frontend: noninteractive\n");
  });

  it("isListed tells whether apt's lists have a package", async () => {
    fakeProgram("apt-cache", '[ "$2" = docker-cli ]');
    expect(await isListed("docker-cli")).to.equal(true);
    expect(await isListed("unknown")).to.equal(false);
  });

  it("downloadPackage returns the path of the downloaded package", async () => {
    fakeProgram("apt-get", 'touch "$2_1.0_amd64.deb"');
    expect(await downloadPackage("slowhttptest", folder(), log())).to.equal(
      join(folder(), "slowhttptest_1.0_amd64.deb"),
    );
    expect(calls()).to.deep.equal(["download slowhttptest"]);
  });

  it("downloadPackage updates apt's lists when a download fails, and tries again", async () => {
    const updated = join(programs(), "updated");
    fakeProgram(
      "apt-get",
      `if [ "$1" = update ]; then touch '${updated}'; else [ -e '${updated}' ] && touch a.deb; fi`,
    );
    expect(await downloadPackage("a", folder(), log())).to.equal(join(folder(), "a.deb"));
    expect(calls()).to.deep.equal(["download a", "update", "download a"]);
  });

  it("downloadPackage does not update apt's lists for a user who may not, and fails at once", async () => {
    fakeProgram("apt-get", "echo 'unable to locate package'; exit 100");
    const failure = await failureOf(downloadPackage("a", folder(), log(), false));
    expect(failure).to.be.instanceOf(ToolchainError);
    expect(failure!.message).to.include("exited with 100").and.include("unable to locate package");
    expect(calls()).to.deep.equal(["download a"]);
  });

  it("downloadPackage fails when apt-get downloads nothing", async () => {
    fakeProgram("apt-get", "");
    const failure = await failureOf(downloadPackage("a", folder(), log()));
    expect(failure).to.be.instanceOf(ToolchainError);
    expect(failure!.message).to.equal("apt-get downloaded no package a.");
  });
});
