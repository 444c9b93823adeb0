import { expect } from "chai";
import { explainFailures } from "../support/contract.ts";
import { get, kubectl, list } from "../support/kubectl.ts";
import { startLoad } from "../support/load.ts";
import { sweep, ThrowawayProject } from "../support/throwaway.ts";
import { waitFor } from "../../infra/wait.ts";

/** Requests a second, of each of the two loads: one that keeps its connections, one that opens one per request. */
const rate = 100;

/** What the two loads have to send together for their count to mean something. */
const enough = 20_000;

describe("a service under load", function () {
  this.timeout(600_000);
  let project: ThrowawayProject;
  const cluster = () => project.cluster("staging");
  const namespace = "test-namespace";
  const restart = async () => {
    await kubectl(cluster(), "rollout", "restart", "deployment/identity", "--namespace", namespace);
    await kubectl(cluster(), "rollout", "status", "deployment/identity", "--namespace", namespace, "--timeout=50s");
  };
  const scale = async (replicas: number) => {
    await kubectl(cluster(), "scale", "deployment/identity", "--namespace", namespace, `--replicas=${replicas}`);
    await kubectl(cluster(), "rollout", "status", "deployment/identity", "--namespace", namespace, "--timeout=50s");
  };

  before(async () => {
    await sweep();
    project = await ThrowawayProject.create("staging");
    await project.succeed("up", "staging");
  });
  after(async () => project.remove());
  explainFailures(() => [cluster()]);

  it(`loses none of ${enough} requests over five roll-outs, and a scaling up and down`, async () => {
    const url = `${project.endpoint("staging")}/cluster`;
    const loads = [startLoad(url, { rate }), startLoad(url, { rate, closing: true })];
    for (let round = 0; round < 5; round++) await restart();
    await scale(4);
    await scale(2);
    await waitFor("the loads to have sent enough", 300, () => {
      const sent = loads.reduce((sum, load) => sum + load.sent(), 0);
      return sent >= enough ? Promise.resolve() : Promise.reject(new Error(`${sent} sent`));
    });
    const results = await Promise.all(loads.map((load) => load.stop()));
    for (const { name, sent, failed, why } of results) console.log(`      ${name}: ${sent} requests, ${failed} failed ${why}`);
    expect(results.map(({ failed }) => failed)).to.deep.equal([0, 0]);
    expect(results.reduce((sum, { sent }) => sum + sent, 0)).to.be.at.least(enough);
  });

  it("loses at most one request when a pod is killed without grace, and is back to full strength in 10 s", async () => {
    const load = startLoad(`${project.endpoint("staging")}/cluster`, { rate });
    const [pod] = await list(cluster(), "pods", namespace, "--selector=app.kubernetes.io/name=identity");
    await kubectl(cluster(), "delete", "pod", pod!.metadata.name, "--namespace", namespace, "--grace-period=0", "--force", "--wait=false");
    const started = Date.now();
    await waitFor("both pods to be ready", 10, async () => {
      const { status } = await get(cluster(), "deployment", namespace, "identity");
      expect(status).to.include({ readyReplicas: 2, replicas: 2 });
      expect(status).not.to.have.property("unavailableReplicas");
    });
    const milliseconds = Date.now() - started;
    const { sent, failed, why } = await load.stop();
    console.log(`      ${sent} requests, ${failed} failed ${why}; full strength after ${milliseconds} ms`);
    expect(failed).to.be.at.most(1);
  });
});
