import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { isRunning } from "../../../host/process-alive.ts";
import { wishes } from "../../../host/interruption.ts";

const host = join(import.meta.dirname, "..", "..", "..", "host");

/** A process that handles interruptions, and then does what the script says. */
function start(script: string) {
  const source = `import { handleInterruptions, interrupted } from ${JSON.stringify(join(host, "interruption.ts"))};
import { run } from ${JSON.stringify(join(host, "command.ts"))};
import { waitFor } from ${JSON.stringify(join(host, "wait.ts"))};
const status = handleInterruptions();
process.exitCode = 1;
const ready = () => console.log("ready");
try { ${script} } catch (error) { console.log(error.name); }
process.exitCode = status() ?? process.exitCode;`;
  return spawn(process.execPath, ["--input-type=module", "-e", source], { stdio: ["ignore", "pipe", "pipe"] });
}

async function interrupt(child: ReturnType<typeof start>, ...signals: NodeJS.Signals[]) {
  let output = "";
  child.stdout.on("data", (data: Buffer) => (output += data.toString()));
  await once(child.stdout, "data");
  for (const signal of signals) {
    child.kill(signal);
    await new Promise((resolve) => setTimeout(resolve, 600));
  }
  const [code] = child.exitCode === null ? ((await once(child, "exit")) as [number]) : [child.exitCode];
  return { code, output };
}

/** A process that nobody has asked for its status yet has ended, too (Z). */
function hasEnded(pid: number): boolean {
  if (!isRunning(pid)) return true;
  return process.platform === "linux" && readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");
}

describe("interruptions", () => {
  it("signals that come together are one wish, and a later one is a second", () => {
    let time = 0;
    const wish = wishes(() => time);
    expect(wish()).to.equal("stop");
    time = 50;
    expect(wish()).to.equal("same");
    time = 2000;
    expect(wish()).to.equal("end");
  });

  it("the first Ctrl-C ends a running command, with status 130", async () => {
    const { code, output } = await interrupt(start(`ready(); await run("sleep", ["30"]);`), "SIGINT");
    expect(code).to.equal(130);
    expect(output).to.contain("InterruptedError");
  });

  it("SIGTERM ends a wait as Ctrl-C does, with its own status", async () => {
    const script = `ready(); await waitFor("x", 60, () => { throw new Error("not yet"); });`;
    const { code, output } = await interrupt(start(script), "SIGTERM");
    expect(code).to.equal(143);
    expect(output).to.contain("InterruptedError");
  });

  it("a second Ctrl-C ends the process at once, with the processes that it has started", async () => {
    const script = `
      const { spawn } = await import("node:child_process");
      const child = spawn("sh", ["-c", "trap '' INT TERM; sleep 60 & wait; sleep 60"], { detached: true });
      console.log("child " + child.pid);
      await new Promise((resolve) => setTimeout(resolve, 60_000));`;
    const { code, output } = await interrupt(start(script), "SIGINT", "SIGINT");
    expect(code).to.equal(130);
    const pid = Number(/child (\d+)/.exec(output)?.[1]);
    expect(hasEnded(pid)).to.equal(true);
  });
});
