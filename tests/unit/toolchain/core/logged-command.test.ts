import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { lastLines, output, runLogged } from "../../../../toolchain/core/logged-command.ts";
import { ToolchainError } from "../../../../toolchain/core/toolchain-error.ts";
import { failureOf } from "../../../support/failure.ts";
import { useTemporaryFolder } from "../../../support/temporary-folder.ts";

describe("runLogged", () => {
  const folder = useTemporaryFolder();
  const log = () => join(folder(), "logs", "step.log");
  const runScript = (script: string) => runLogged("sh", ["-c", script], { log: log() });

  it("runLogged appends what a command prints to a log, whose folder it creates", async () => {
    await runScript("echo one; echo two >&2");
    await runScript("echo three");
    expect(readFileSync(log(), "utf8").trimEnd().split("\n")).to.have.members(["one", "two", "three"]);
  });

  it("a failed command's message has the command, its status, the log's last 15 lines and the log's path", async () => {
    const failure = await failureOf(runScript("for i in $(seq 1 20); do echo line-$i; done; exit 3"));
    expect(failure).to.be.instanceOf(ToolchainError);
    const lines = Array.from({ length: 15 }, (_, index) => `  | line-${index + 6}`);
    const [first = "", ...others] = failure!.message.split("\n");
    expect(first).to.match(/^sh -c .*exited with 3$/);
    expect(others).to.deep.equal([...lines, `The whole output: ${log()}`]);
  });

  it("the message of a command that is not found names the command and the log's path", async () => {
    const failure = await failureOf(runLogged("no-such-command", [], { log: log() }));
    expect(failure).to.be.instanceOf(ToolchainError);
    expect(failure!.message).to.include("no-such-command ENOENT").and.include(log());
  });
});

describe("lastLines", () => {
  const folder = useTemporaryFolder();

  it("lastLines indents the last lines of a log", () => {
    const log = join(folder(), "log");
    writeFileSync(log, "one\ntwo\nthree\n");
    expect(lastLines(log, 2)).to.equal("  | two\n  | three");
  });

  it("lastLines says so when there is no log", () => {
    expect(lastLines(join(folder(), "none"))).to.equal("  | (nothing was logged)");
  });
});

describe("output", () => {
  it("output returns what a command prints, and fails with what it prints on its standard error", async () => {
    expect(await output("sh", ["-c", "echo text"])).to.equal("text");
    const failure = await failureOf(output("sh", ["-c", "echo text; echo reason >&2; exit 1"]));
    expect(failure).to.be.instanceOf(ToolchainError);
    expect(failure!.message).to.match(/exited with 1\nreason$/);
  });
});
