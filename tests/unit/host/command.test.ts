import { expect } from "chai";
import { CommandError, run } from "../../../host/command.ts";
import { failureOf } from "../../support/failure.ts";

const node = (script: string, options?: Parameters<typeof run>[2]) => run(process.execPath, ["-e", script], options);

describe("run", () => {
  it("run passes the input to the command, and returns what it printed", async () => {
    expect(await node("process.stdin.pipe(process.stdout)", { input: "text\n" })).to.equal("text");
  });

  it("a command has this process's environment, and what is added to it", async () => {
    expect(
      await node("console.log(process.env.PATH === undefined, process.env.ADDED)", { env: { ADDED: "1" } }),
    ).to.equal("false 1");
  });

  it("the error of a command that fails has the command, its status and its output", async () => {
    const failure = await failureOf(node("console.log('out'); console.error('err'); process.exit(3)"));
    expect(failure).to.be.instanceOf(CommandError);
    expect(failure!.message)
      .to.contain("process.exit(3)")
      .and.to.contain("exited with 3")
      .and.to.contain("out")
      .and.to.contain("err");
  });

  it("a command that runs longer than its deadline is ended, and the error says so", async () => {
    const failure = await failureOf(node("setInterval(() => {}, 1000)", { deadlineSeconds: 0.3 }));
    expect(failure!.message).to.contain("deadline of 0.3 s");
  });

  it("the error of a command that does not exist has ENOENT", async () => {
    expect((await failureOf(run("no-such-command", [])))!.message).to.contain("ENOENT");
  });
});
