import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { build } from "esbuild";
import { execa } from "execa";
import { waitFor } from "../../host/wait.ts";
import { ensureTestTools, reportTo } from "../../toolchain/ensure.ts";
import { addressOf } from "../support/container-address.ts";
import { explainFailures } from "../support/contract.ts";
import { get, imageOf, kubectl, list, restartsOf } from "../support/kubectl.ts";
import { failedOf, LoadGenerator, type Report, type Stream } from "../support/load.ts";
import { sweep, ThrowawayProject } from "../support/throwaway.ts";

const namespace = "test-namespace";
const deployment = "identity";

describe("the service under load", function () {
  this.timeout(600_000);
  let project: ThrowawayProject;
  let generator: LoadGenerator;
  const cluster = () => project.cluster("staging");
  // Both by address: the Service is judged, not the resolver, where one lost packet holds every new connection up for seconds.
  let throughService: string;
  let throughIngress: string;

  /** Seconds until as many were closed as had connected, at the most; from slowhttptest's table of a row each second, all but the last. */
  const longestHeld = (table: string): number => {
    const rows = table
      .trim()
      .split("\n")
      .slice(1)
      .map(
        (line) => line.split(",").map(Number) as [second: number, closed: number, pending: number, connected: number],
      );
    expect(Math.max(...rows.map(([, closed, , connected]) => closed + connected))).to.equal(1000);
    const end = rows.at(-1)![0] + 1;
    const waits = rows.map(
      ([second, closed, , connected]) =>
        (rows.find(([, closedThen]) => closedThen >= closed + connected)?.[0] ?? end) - second,
    );
    return Math.max(...waits);
  };

  /** 200 requests a second: through the ingress and the Service, each over connections kept alive, and each on its own. */
  const streams = (): Stream[] =>
    [throughIngress, throughService].flatMap((url) => [true, false].map((keepAlive) => ({ url, keepAlive, rate: 50 })));
  const tell = (reports: readonly Report[]) => {
    for (const [index, { url, keepAlive }] of streams().entries()) {
      const { requests, latencies, status_codes: codes } = reports[index]!;
      console.log(
        `      ${url}, ${keepAlive ? "keep-alive" : "a connection each"}: ${requests} requests, ${JSON.stringify(codes)}, p99 ${(latencies["99th"] / 1e6).toFixed(1)} ms`,
      );
    }
  };
  const pods = () =>
    list(
      cluster(),
      "pods",
      namespace,
      `--selector=app.kubernetes.io/name=${deployment}`,
      "--field-selector=status.phase=Running",
    );
  const ready = async (replicas: number) => {
    const { spec, status } = await get(cluster(), "deployment", namespace, deployment);
    expect([spec.replicas, status.replicas, status.availableReplicas, status.updatedReplicas]).to.deep.equal([
      replicas,
      replicas,
      replicas,
      replicas,
    ]);
  };

  before(async () => {
    await sweep();
    project = await ThrowawayProject.create(["staging"]);
    await project.succeed("up");
    throughIngress = `http://${await addressOf(project.node("staging"))}/cluster`;
    throughService = `http://${String((await get(cluster(), "service", namespace, deployment)).spec.clusterIP)}/cluster`;
    generator = await LoadGenerator.start(cluster(), await imageOf(cluster(), namespace, deployment));
  });
  after(async () => project.remove());
  explainFailures(() => [cluster()]);

  it("loses no request over five roll-outs, and more and fewer replicas", async () => {
    const attack = await generator.attack(streams());
    const started = Date.now();
    for (let rollout = 0; rollout < 5; rollout++) {
      await kubectl(cluster(), "rollout", "restart", "--namespace", namespace, `deployment/${deployment}`);
      await kubectl(
        cluster(),
        "rollout",
        "status",
        "--namespace",
        namespace,
        `deployment/${deployment}`,
        "--timeout=55s",
      );
    }
    for (const replicas of [4, 2]) {
      await kubectl(cluster(), "scale", "--namespace", namespace, `deployment/${deployment}`, `--replicas=${replicas}`);
      await waitFor(`${replicas} replicas`, 60, () => ready(replicas));
    }
    // A little more than 20,000 requests take.
    await waitFor("the load", 200, () => expect(Date.now() - started).to.be.above(103_000));
    const reports = await attack.stop();
    tell(reports);
    expect(reports.map(failedOf), JSON.stringify(reports.map(({ errors }) => errors))).to.deep.equal([0, 0, 0, 0]);
    for (const { latencies } of reports) expect(latencies["99th"] / 1e9, "seconds").to.be.below(5);
    expect(reports.reduce((sum, { requests }) => sum + requests, 0)).to.be.at.least(20_000);
  });

  it("loses one request at most of those over open connections when a pod is killed without grace, and has all its pods again in 10 s", async function () {
    this.retries(1); // a machine that stands still for a moment costs more than one; a defect does so twice
    const [victim] = await pods();
    const attack = await generator.attack(streams().map((stream) => ({ ...stream, seconds: 15 })));
    await kubectl(
      cluster(),
      "delete",
      "pod",
      "--namespace",
      namespace,
      victim!.metadata.name,
      "--grace-period=0",
      "--force",
      "--wait=false",
    );
    await waitFor("the pod's successor", 10, async () => {
      expect((await pods()).map(({ metadata }) => metadata.name)).not.to.include(victim!.metadata.name);
      await ready(2);
    });
    const reports = await attack.reports;
    tell(reports);
    const failed = (keepAlive: boolean) =>
      streams().reduce(
        (sum, stream, index) => sum + (stream.keepAlive === keepAlive ? failedOf(reports[index]!) : 0),
        0,
      );
    expect(failed(true), JSON.stringify(reports.map(({ errors }) => errors))).to.be.at.most(1);
    // kube-router refuses new connections to a pod that it no longer knows, some milliseconds before kube-proxy leads them elsewhere.
    expect(failed(false), JSON.stringify(reports.map(({ errors }) => errors))).to.be.at.most(15);
  });

  it("serves others as before while a thousand slow clients hold on, and cuts these within 15 s", async () => {
    const { slowhttptest } = await ensureTestTools(["slowhttptest"], { report: reportTo(process.stderr) });
    const honest = async () => {
      const stream = { url: throughIngress, rate: 100, keepAlive: true, seconds: 20 };
      const [report] = await (await generator.attack([stream])).reports;
      return report!;
    };
    const before = await honest();
    // A hundred more each second, each of which sends a header now and then, and never the last one. The tester ends
    // when all are closed. Slow clients are other machines': this one takes only what nobody else wants of the processors.
    const folder = await mkdtemp(join(tmpdir(), "slow-"));
    const options = [
      "-H",
      "-c",
      "1000",
      "-r",
      "100",
      "-i",
      "4",
      "-l",
      "60",
      "-p",
      "5",
      "-g",
      "-o",
      join(folder, "slow"),
      "-u",
      throughIngress,
    ];
    const [slow, under] = await Promise.all([
      execa("chrt", ["--idle", "0", slowhttptest, ...options], {
        stdin: "ignore",
        timeout: 90_000,
        env: { LC_ALL: "C" },
      }),
      honest(),
    ]);
    const after = await honest();
    const held = longestHeld(await readFile(join(folder, "slow.csv"), "utf8"));
    await rm(folder, { recursive: true });
    const p99 = ({ latencies }: Report) => latencies["99th"] / 1e6;
    console.log(
      `      p99 ${p99(before).toFixed(1)} ms before, ${p99(under).toFixed(1)} ms beside them, ${p99(after).toFixed(1)} ms after; no slow client held on for more than ${held} s`,
    );
    expect(slow.stdout).to.match(/No open connections left/);
    expect(held).to.be.above(1).and.below(15);
    expect(failedOf(under)).to.equal(0);
    // Where all is done in a few milliseconds, a busy machine makes more than twice of it; a server that starves takes seconds.
    expect(p99(under)).to.be.below(Math.max(2 * p99(before), 2 * p99(after), 500));
  });

  it("answers ten thousand odd and malformed requests without a 5xx, a restart, or memory lost", async () => {
    const { outputFiles } = await build({
      entryPoints: [`${import.meta.dirname}/../support/in-pod/odd.ts`],
      bundle: true,
      platform: "node",
      format: "esm",
      minify: true,
      write: false,
    });
    const seed = process.env.CI === undefined ? Date.now() % 2 ** 31 : 1;
    const memory = async () => {
      const read =
        "fetch('http://127.0.0.1:9090/metrics').then((answer) => answer.text()).then((text) => console.log(/^process_resident_memory_bytes (.*)$/m.exec(text)[1]))";
      const names = (await pods()).map(({ metadata }) => metadata.name);
      const used = names.map(async (name) =>
        Number(await kubectl(cluster(), "exec", "--namespace", namespace, name, "--", "/nodejs/bin/node", "-e", read)),
      );
      return (await Promise.all(used)).reduce((sum, bytes) => sum + bytes, 0) / names.length / 2 ** 20;
    };
    const send = async (runs: number, from: number) => {
      const { stdout } = await generator.node(
        ["--input-type=module", "-", new URL(throughService).hostname, "5000", String(runs), String(from)],
        { input: outputFiles[0]?.text ?? "" },
      );
      return JSON.parse(stdout) as { statuses: Record<string, number>; bad: unknown[] };
    };
    const restartsBefore = await restartsOf(cluster(), namespace);
    await send(2_000, seed + 1); // until then memory grows, since nothing has been needed yet
    const before = await memory();
    const { statuses, bad } = await send(10_000, seed);
    const after = await memory();
    console.log(
      `      seed ${seed}: ${JSON.stringify(statuses)}, a pod's memory ${before.toFixed(0)} → ${after.toFixed(0)} MiB`,
    );
    expect(bad).to.deep.equal([]);
    expect(Object.values(statuses).reduce((sum, count) => sum + count, 0)).to.be.at.least(10_000);
    expect(await restartsOf(cluster(), namespace)).to.equal(restartsBefore);
    expect(after - before).to.be.below(16);
  });
});
