import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { Agent, get } from "node:http";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { versionOf } from "../../../../fleet/dev/bundle.ts";
import { waitFor } from "../../../../host/wait.ts";
import { freePort } from "../../../support/free-port.ts";
import { useTemporaryFolder } from "../../../support/temporary-folder.ts";

const script = await readFile(join(import.meta.dirname, "../../../../fleet/dev/in-pod/supervisor.cjs"), "utf8");

/** A service like ours: on SIGTERM it goes on for a moment, has clients close their connections, and ends. */
const serviceOf = (text: string, port: number) => `
  let leaving = false;
  const server = require("node:http").createServer((request, response) => {
    if (request.url === "/crash") process.exit(7);
    if (request.url === "/block") for (const end = Date.now() + 4000; Date.now() < end; );
    if (leaving) response.setHeader("Connection", "close");
    const slow = request.url === "/slow" ? 700 : 0;
    setTimeout(() => response.end(${JSON.stringify(text)}), slow);
  });
  server.listen(${port});
  process.on("SIGTERM", () => {
    if (leaving) process.exit(9);
    leaving = true;
    setTimeout(() => server.close(() => process.exit(0)), 200);
  });`;

interface Said {
  dev: string;
  version?: string;
  reason?: string;
}

describe("dev/in-pod/supervisor", function () {
  this.timeout(30_000);
  const folder = useTemporaryFolder();
  let supervisor: ChildProcess;
  let port: number;
  let said: Said[];

  const send = (code: string) => {
    supervisor.stdin!.write(`\n${JSON.stringify({ version: versionOf(code), code })}\n`);
    return versionOf(code);
  };
  const expectSaid = (expected: Said) =>
    waitFor(JSON.stringify(expected), 20, () => expect(said).to.deep.include(expected), {
      longestPauseMilliseconds: 20,
    });
  const ask = async (path = "/", agent: Agent | false = false): Promise<string> => {
    const request = get({ port, path, agent, signal: AbortSignal.timeout(10_000) });
    const [response] = (await once(request, "response")) as [NodeJS.ReadableStream];
    let body = "";
    for await (const part of response.setEncoding("utf8")) body += String(part);
    return body;
  };
  /** Starts it on code that stands for an image's. */
  const startWith = async (code: string) => {
    const entry = join(folder(), "image.js");
    await writeFile(entry, code);
    supervisor = spawn(process.execPath, ["--eval", script, "--", entry, folder()], {
      stdio: ["pipe", "pipe", "ignore"],
    });
    said = [];
    createInterface({ input: supervisor.stdout! }).on("line", (line) => said.push(JSON.parse(line) as Said));
    await expectSaid({ dev: "serving", version: versionOf(code) });
  };
  const stop = async () => {
    const ended = once(supervisor, "exit");
    supervisor.kill("SIGTERM");
    return (await ended) as [number | null];
  };

  beforeEach(async () => {
    port = await freePort();
  });
  afterEach(() => supervisor.kill("SIGKILL"));

  it("swaps the code ten times without a request lost, over kept connections and new ones", async () => {
    await startWith(serviceOf("0", port));
    const answers: string[] = [];
    let done = false;
    const kept = new Agent({ keepAlive: true, maxSockets: 2 });
    const load = [kept, kept, false as const, false as const].map(async (agent) => {
      while (!done) answers.push(await ask("/", agent));
    });
    for (let edit = 1; edit <= 10; edit++) {
      const version = send(serviceOf(String(edit), port));
      await expectSaid({ dev: "serving", version });
    }
    expect(await ask()).to.equal("10");
    done = true;
    await Promise.all(load);
    kept.destroy();
    expect(answers.length).to.be.above(100);
    expect([...new Set(answers)].every((answer) => /^\d+$/.test(answer))).to.be.true;
  });

  it("lets the last code finish a request that the next one has no part in", async () => {
    await startWith(serviceOf("old", port));
    const slow = ask("/slow");
    const version = send(serviceOf("new", port));
    await expectSaid({ dev: "serving", version });
    expect(await ask()).to.equal("new");
    expect(await slow).to.equal("old");
  });

  it("keeps the last code serving when the next does not compile, throws, or ends, and says why", async () => {
    await startWith(serviceOf("good", port));
    for (const [bad, words] of [
      ["const = 1;", /SyntaxError/],
      ['throw new Error("no database");', /no database/],
      ["process.exit(3);", /ended with status 3/],
    ] as const) {
      const version = send(bad);
      const failed = await waitFor("the failure", 20, () => {
        const found = said.find((event) => event.dev === "failed" && event.version === version);
        expect(found).to.not.equal(undefined);
        return found;
      });
      expect(failed!.reason).to.match(words);
      expect(await ask()).to.equal("good");
    }
    const version = send(serviceOf("better", port));
    await expectSaid({ dev: "serving", version });
    expect(await ask()).to.equal("better");
  });

  it("takes only the newest of several that come at once", async () => {
    await startWith(serviceOf("0", port));
    send(serviceOf("1", port));
    send(serviceOf("2", port));
    const version = send(serviceOf("3", port));
    await expectSaid({ dev: "serving", version });
    expect(await ask()).to.equal("3");
    expect(said.filter(({ dev }) => dev === "failed")).to.deep.equal([]);
  });

  it("goes back to what serves when that is sent again", async () => {
    await startWith(serviceOf("0", port));
    send("setTimeout(() => undefined, 60_000);");
    const version = send(serviceOf("0", port));
    await waitFor("a second word", 10, () =>
      expect(said.filter((event) => event.version === version)).to.have.length(2),
    );
    expect(await ask()).to.equal("0");
  });

  it("starts code that ended while it was serving again", async () => {
    await startWith(serviceOf("image", port));
    const version = send(serviceOf("edited", port));
    await expectSaid({ dev: "serving", version });
    await ask("/crash").catch(() => undefined);
    await waitFor("its return", 10, async () => expect(await ask()).to.equal("edited"));
    expect(said.map(({ dev }) => dev)).to.deep.equal(["serving", "serving", "failed", "serving"]);
  });

  it("loses no request to code that stands still, once the next one is there", async () => {
    await startWith(serviceOf("stuck", port));
    const stuck = ask("/block");
    await waitFor("the block", 5, async () =>
      expect(await Promise.race([ask("/").catch(() => "none"), sleep(300, "none")])).to.equal("none"),
    );
    const waiting = Array.from({ length: 5 }, () => ask());
    const version = send(serviceOf("next", port));
    await expectSaid({ dev: "serving", version });
    expect(await Promise.all(waiting)).to.deep.equal(Array(5).fill("next"));
    expect(await stuck).to.equal("stuck");
  });

  it("goes on with the code that served last when its process is started again", async () => {
    await startWith(serviceOf("image", port));
    const version = send(serviceOf("edited", port));
    await expectSaid({ dev: "serving", version });
    await stop();
    supervisor = spawn(process.execPath, ["--eval", script, "--", join(folder(), "image.js"), folder()]);
    await waitFor("its return", 10, async () => expect(await ask()).to.equal("edited"));
  });

  it("ignores a message that was cut off", async () => {
    await startWith(serviceOf("0", port));
    supervisor.stdin!.write('{"version":"cut","code":"thr');
    const version = send(serviceOf("1", port));
    await expectSaid({ dev: "serving", version });
  });

  it("on SIGTERM ends with status 0 once the service has finished its requests", async () => {
    await startWith(serviceOf("0", port));
    const slow = ask("/slow");
    await waitFor("the request", 5, async () => expect(await ask()).to.equal("0"));
    const [status] = await stop();
    expect(status).to.equal(0);
    expect(await slow).to.equal("0");
  });
});
