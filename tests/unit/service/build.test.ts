import { copyFile, mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { bundleService, openServiceBundler, type ServiceBundle } from "../../../service/build.ts";
import { sendRaw } from "../../support/raw-socket.ts";
import { call, type ServiceProcess, spawnService } from "../../support/test-service.ts";

/** What the bundle may add to its base image. */
const maximumBytes = 1.5e6;

describe("bundleService", function () {
  this.timeout(60_000);
  let folder: string;
  let bundle: ServiceBundle;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "bundle-"));
    bundle = await bundleService(join(folder, "a"));
  });
  after(() => rm(folder, { recursive: true }));

  const contentOf = async (context: string): Promise<Record<string, string>> => {
    const names = (await readdir(context)).sort();
    const files = names.map(async (name) => [name, await readFile(join(context, name), "latin1")] as const);
    return Object.fromEntries(await Promise.all(files));
  };

  it("bundleService makes the whole build context of the service's image", async () => {
    expect((await readdir(bundle.context)).sort()).to.deep.equal([
      ".dockerignore",
      "Dockerfile",
      "package.json",
      "server.js",
    ]);
    expect(bundle.entry).to.equal(join(bundle.context, "server.js"));
  });

  it("the service's build context has every file that its Dockerfile copies, and lets no other into the build", async () => {
    const dockerfile = await readFile(join(bundle.context, "Dockerfile"), "utf8");
    const copied = /^COPY (.+) \/app\/$/m.exec(dockerfile)?.[1]?.split(" ") ?? [];
    const allowed = (await readFile(join(bundle.context, ".dockerignore"), "utf8")).trim().split("\n");
    expect(allowed).to.have.members(["*", "!Dockerfile", ...copied.map((name) => `!${name}`)]);
    for (const name of copied) expect((await stat(join(bundle.context, name))).mode & 0o777).to.equal(0o644);
  });

  it("the service's Dockerfile needs no shell and no network, and its image runs without root", async () => {
    const dockerfile = await readFile(join(bundle.context, "Dockerfile"), "utf8");
    expect(dockerfile).to.not.match(/^(RUN|ADD|SHELL)\b|--(chmod|link|mount)|<</m);
    expect(dockerfile)
      .to.match(/^USER 65532:65532$/m)
      .and.match(/^EXPOSE 5000 9090$/m);
    expect(dockerfile).to.match(/^ENTRYPOINT \["\/nodejs\/bin\/node", "\/app\/server\.js"\]$/m);
  });

  it(`the service's bundle is smaller than ${maximumBytes / 1e6} MB`, async () => {
    expect((await stat(bundle.entry)).size).to.be.below(maximumBytes);
  });

  it("bundleService makes the same bytes from the same source", async () => {
    const again = await bundleService(join(folder, "b"));
    expect(await contentOf(again.context)).to.deep.equal(await contentOf(bundle.context));
  });

  it("bundleService does not write files that would not change", async () => {
    const timesOf = async (): Promise<number[]> =>
      Promise.all(
        (await readdir(bundle.context)).sort().map(async (name) => (await stat(join(bundle.context, name))).mtimeMs),
      );
    const before = await timesOf();
    await bundleService(bundle.context);
    expect(await timesOf()).to.deep.equal(before);
  });

  it("openServiceBundler makes the same files as bundleService again and again, and returns the code", async () => {
    const bundler = await openServiceBundler(join(folder, "c"));
    try {
      await bundler.bundle();
      const { context, code } = await bundler.bundle();
      expect(await contentOf(context)).to.deep.equal(await contentOf(bundle.context));
      expect(code).to.equal(await readFile(bundle.entry, "utf8"));
    } finally {
      await bundler.dispose();
    }
  });

  it("the service's bundle runs without any other file", async () => {
    const alone = join(await mkdtemp(join(folder, "alone-")), "server.cjs");
    await copyFile(bundle.entry, alone);
    const running = spawnService({ DRAIN_DELAY: "0" }, [process.execPath, alone]);
    const { port } = await running.logged("started");
    expect((await call(Number(port), "/")).body).to.equal("hello");
    running.child.kill("SIGTERM");
    expect((await running.ended).status).to.equal(0);
  });

  describe("the running bundle", () => {
    let running: ServiceProcess;
    let port: number;
    let metricsPort: number;
    before(async () => {
      running = spawnService({ NAME: "identity", CLUSTER: "staging", DRAIN_DELAY: "0" }, [
        process.execPath,
        bundle.entry,
      ]);
      const started = await running.logged("started");
      port = Number(started.port);
      metricsPort = Number(started.metricsPort);
    });
    after(() => running.child.kill("SIGKILL"));

    it("the service's bundle answers as its source does", async () => {
      expect(await call(port, "/cluster")).to.include({ status: 200, body: "This is identity in cluster staging" });
      expect(await call(port, "/cluster?x")).to.include({ status: 200, body: "This is identity in cluster staging" });
      expect((await call(port, "/")).headers["content-type"]).to.equal("text/plain; charset=utf-8");
      expect(await call(port, "/nothing")).to.include({ status: 404, body: '{"status":404,"error":"Not Found"}' });
      expect((await call(port, "/", { method: "POST" })).headers.allow).to.equal("GET, HEAD, OPTIONS");
      expect(await sendRaw(port, "GET / HTTP/1.1\r\n\r\n")).to.match(/^HTTP\/1\.1 400 /);
    });

    it("the service's bundle serves metrics", async () => {
      const { status, body } = await call(metricsPort, "/metrics");
      expect(status).to.equal(200);
      expect(body)
        .to.include('http_requests_total{method="GET",route="/cluster",status="200"}')
        .and.include("process_cpu_seconds_total");
    });

    it("the service's bundle writes nothing to standard error, and exits with status 0 on SIGTERM", async () => {
      running.child.kill("SIGTERM");
      expect(await running.ended).to.deep.equal({ status: 0, signal: null, stderr: "" });
    });
  });
});
