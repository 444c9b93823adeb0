import { expect } from "chai";
import { CommandError, run } from "../../../host/command.ts";
import { portIsFree } from "../../../host/port.ts";
import { waitFor } from "../../../host/wait.ts";
import { failureOf } from "../../support/failure.ts";
import { createServer, type AddressInfo } from "node:net";

const node = (script: string, options?: Parameters<typeof run>[2]) => run(process.execPath, ["-e", script], options);

describe("a command", () => {
  it("returns what it printed, and reads what it is given", async () => {
    expect(await node("process.stdin.pipe(process.stdout)", { input: "text\n" })).to.equal("text");
  });

  it("has our environment, and what is added to it", async () => {
    expect(
      await node("console.log(process.env.PATH === undefined, process.env.ADDED)", { env: { ADDED: "1" } }),
    ).to.equal("false 1");
  });

  it("that fails says which command it was, its status, and what it printed", async () => {
    const failure = await failureOf(node("console.log('out'); console.error('err'); process.exit(3)"));
    expect(failure).to.be.instanceOf(CommandError);
    expect(failure!.message)
      .to.contain("process.exit(3)")
      .and.to.contain("exited with 3")
      .and.to.contain("out")
      .and.to.contain("err");
  });

  it("that takes too long is ended, and says so", async () => {
    const failure = await failureOf(node("setInterval(() => {}, 1000)", { deadline: 0.3 }));
    expect(failure!.message).to.contain("deadline of 0.3 s");
  });

  it("that is not there says so", async () => {
    expect((await failureOf(run("no-such-command", [])))!.message).to.contain("ENOENT");
  });
});

describe("a wait", () => {
  it("ends with the first success", async () => {
    let tries = 0;
    expect(
      await waitFor("it", 10, async () =>
        ++tries < 3 ? Promise.reject(new Error("not yet")) : Promise.resolve(tries),
      ),
    ).to.equal(3);
  });

  it("that passes its deadline is an error, with what was waited for and the last failure", async () => {
    const failure = await failureOf(waitFor("the thing", 0.5, () => Promise.reject(new TypeError("still not"))));
    expect(failure!.message).to.contain("the thing: not within 0.5 s").and.to.contain("still not");
  });
});

describe("a port", () => {
  it("is free or taken", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as AddressInfo;
    expect(await portIsFree(port)).to.equal(false);
    await new Promise((resolve) => server.close(resolve));
    expect(await portIsFree(port)).to.equal(true);
  });
});
