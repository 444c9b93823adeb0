import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { Agent, createServer } from "node:http";
import { expect } from "chai";
import { listen } from "../../../../service/src/http.ts";
import { finishRaw, open } from "../../../support/raw-socket.ts";
import { call, serverFile, type ServiceProcess, spawnService, until } from "../../../support/test-service.ts";

const halfARequest = "GET /cluster HTTP/1.1\r\nHost: a\r\n";

describe("server.ts", () => {
  let running: ServiceProcess;
  afterEach(async () => {
    running.child.kill("SIGKILL");
    await running.ended;
  });

  async function start(env: Record<string, string> = {}): Promise<number> {
    running = spawnService({ DRAIN_DELAY: "0", ...env });
    return Number((await running.logged("started")).port);
  }
  const refuses = (port: number): Promise<boolean> =>
    call(port, "/healthz").then(
      () => false,
      () => true,
    );

  it("the service's process exits with status 2 and one message that lists every bad setting", async () => {
    running = spawnService({ PORT: "abc", NAME: "" });
    const { status, stderr } = await running.ended;
    expect(status).to.equal(2);
    expect(stderr).to.equal(
      "cannot start, 2 bad setting(s) in the environment:\n" +
        '  NAME: must be 1 to 253 printable characters, not ""\n' +
        '  PORT: must be a whole number from 0 to 65535, not "abc"\n',
    );
    expect(running.log).to.deep.equal([]);
  });

  it("the service's process exits with status 1 and logs the cause if its port is taken", async () => {
    const other = createServer();
    const port = await listen(other, 0);
    running = spawnService({ PORT: String(port) });
    expect((await running.ended).status).to.equal(1);
    expect(running.log.at(-1)).to.include({ level: "fatal" });
    expect(running.log.at(-1)?.err).to.include({ code: "EADDRINUSE" });
    other.close();
  });

  it("the service's process reads its name and its cluster from the environment", async () => {
    const port = await start({ NAME: "identity", CLUSTER: "development" });
    expect((await call(port, "/cluster")).body).to.equal("This is identity in cluster development");
  });

  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    it(`the service's process drains and exits with status 0 on ${signal}`, async () => {
      await start();
      running.child.kill(signal);
      expect(await running.ended).to.deep.equal({ status: 0, signal: null, stderr: "" });
      expect(running.log.map(({ msg }) => msg)).to.deep.equal(["started", "signal", "draining", "stopped"]);
      expect(running.log[1]).to.include({ signal, again: false });
    });
  }

  it("a draining service is not ready, but stays alive and answers until its delay is over", async () => {
    const port = await start({ DRAIN_DELAY: "60", DRAIN_TIMEOUT: "60" });
    expect(await call(port, "/readyz")).to.include({ status: 200 });
    running.child.kill("SIGTERM");
    await running.logged("draining");

    const ready = await call(port, "/readyz");
    expect(ready).to.include({ status: 503, body: '{"status":503,"error":"Service Unavailable"}' });
    expect((await call(port, "/healthz")).status).to.equal(200);
    expect((await call(port, "/cluster")).status).to.equal(200);
  });

  it("a draining service answers on kept-alive connections with Connection: close", async () => {
    const port = await start({ DRAIN_DELAY: "60", DRAIN_TIMEOUT: "60" });
    const agent = new Agent({ keepAlive: true });
    expect((await call(port, "/", { agent })).headers.connection).to.equal("keep-alive");
    running.child.kill("SIGTERM");
    await running.logged("draining");
    expect((await call(port, "/", { agent })).headers.connection).to.equal("close");
    agent.destroy();
  });

  it("a draining service closes idle connections, and does not wait for them", async () => {
    const port = await start({ DRAIN_TIMEOUT: "60" });
    const agent = new Agent({ keepAlive: true });
    await call(port, "/", { agent });
    running.child.kill("SIGTERM");
    expect((await running.ended).status).to.equal(0);
    agent.destroy();
  });

  it("a draining service finishes running requests, and accepts no new ones", async () => {
    const port = await start({ DRAIN_TIMEOUT: "60" });
    const socket = await open(port);
    socket.write(halfARequest);
    // Once a later request is answered, the service has read this half.
    await call(port, "/");
    running.child.kill("SIGTERM");
    await until("the closing of the port", () => refuses(port));

    const answer = await finishRaw(socket, "\r\n");
    expect(answer).to.match(/^HTTP\/1\.1 200 OK\r\n[^]*Connection: close\r\n[^]*This is service1 in cluster cluster1$/);
    expect((await running.ended).status).to.equal(0);
    expect(running.log.at(-1)).to.include({ msg: "stopped" });
    expect(running.log.some(({ level }) => level === "warn")).to.equal(false);
  });

  it("a draining service cuts the connections that are left at its deadline, and still exits with status 0", async () => {
    const port = await start({ DRAIN_TIMEOUT: "0.2" });
    const socket = await open(port);
    socket
      .on("error", () => undefined)
      .on("end", () => socket.end())
      .resume();
    socket.write(halfARequest);
    await call(port, "/");
    running.child.kill("SIGTERM");
    await once(socket, "close");
    expect((await running.ended).status).to.equal(0);
    expect(running.log.at(-2)).to.include({ level: "warn", msg: "drain timed out, connections cut" });
  });

  it("the service's process exits at once on a second signal, with status 0", async () => {
    await start({ DRAIN_DELAY: "60", DRAIN_TIMEOUT: "60" });
    running.child.kill("SIGTERM");
    await running.logged("draining");
    running.child.kill("SIGTERM");
    expect(await running.ended).to.include({ status: 0, signal: null });
    expect(running.log.at(-1)).to.include({ msg: "signal", again: true });
  });

  it("the service's process drains as process 1 of a container, too", async function () {
    const asInit = ["unshare", "--pid", "--fork", "--kill-child", process.execPath, serverFile];
    if (spawnSync("unshare", ["--pid", "--fork", "true"]).status !== 0) this.skip();
    running = spawnService({ DRAIN_DELAY: "0" }, asInit);
    await running.logged("started");
    const parent = running.child.pid ?? 0;
    const init = Number(readFileSync(`/proc/${parent}/task/${parent}/children`, "utf8"));
    process.kill(init, "SIGTERM");
    expect((await running.ended).status).to.equal(0);
    expect(running.log.at(-1)).to.include({ msg: "stopped" });
  });
});
