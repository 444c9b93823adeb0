import { expect } from "chai";
import { waitFor } from "../../host/wait.ts";
import { addressOf } from "../support/container-address.ts";
import { DevRun } from "../support/dev-run.ts";
import { explainFailures } from "../support/explain-failures.ts";
import { get, imageOf, kubectl } from "../support/kubectl.ts";
import { failedOf, LoadGenerator } from "../support/load-generator.ts";
import { sweep } from "../support/throwaway-clusters.ts";
import { ThrowawayProject } from "../support/throwaway-project.ts";

const namespace = "test-namespace";
const deployment = "identity";
const greetingFile = "service/src/handlers/greeting.ts";
const edits = 20;

/** What Pulumi's summary has where it changed a resource. */
const anyChange = /[~+-] +\d+ (updated|created|deleted|replaced)/;

describe("npm run dev", function () {
  this.timeout(600_000);
  let project: ThrowawayProject;
  let source: string;
  let run: DevRun | undefined;
  const cluster = () => project.cluster("staging");
  const edit = (greeting: string, more = "") =>
    project.write(greetingFile, source.replace('"hello"', JSON.stringify(greeting)) + more);
  const answer = async () => (await fetch(project.endpoint("staging"), { signal: AbortSignal.timeout(5000) })).text();
  const expectAnswer = (greeting: string, seconds: number) =>
    waitFor(greeting, seconds, async () => expect(await answer()).to.equal(greeting), { longestPauseMilliseconds: 50 });
  /** The Deployment's own part, and who manages it. */
  const shape = async () => {
    const { metadata, spec } = await get(cluster(), "deployment", namespace, deployment);
    const managers = await kubectl(cluster(), [
      ...["get", "deployment", deployment, "--namespace", namespace, "--show-managed-fields"],
      "--output=jsonpath={.metadata.managedFields[*].manager}",
    ]);
    const { annotations = {} } = metadata as { annotations?: Record<string, string> };
    return { spec, keys: Object.keys(annotations), managers: managers.split(" ").sort() };
  };

  before(async () => {
    await sweep();
    project = await ThrowawayProject.create(["staging"]);
    source = await project.read(greetingFile);
    await project.succeed("up");
  });
  afterEach(async () => {
    await run?.end(); // where the test failed
    run = undefined;
  });
  after(async () => project.remove());
  explainFailures(() => [cluster()]);

  it("brings twenty edits to the pods without a request lost, and keeps the old code where one is broken", async () => {
    const image = await imageOf(cluster(), namespace, deployment);
    const before = await shape();
    const generator = await LoadGenerator.start(cluster(), image);
    run = await DevRun.start(project, ["staging"]);
    const url = `http://${await addressOf(project.node("staging"))}/`;
    const attack = await generator.attack([
      { url, rate: 50, keepAlive: true },
      { url, rate: 50, keepAlive: false },
    ]);
    for (let number = 1; number <= edits; number++) {
      await edit(`edit ${number}`);
      await expectAnswer(`edit ${number}`, 30);
    }
    let seen = run.output.length;
    await edit("never", "const = 1;");
    await run.says(/greeting\.ts:\d+:\d+: ERROR/, 30, seen);
    // The other pod may have been a moment later, and a connection that is kept gets a last answer from the code before.
    await expectAnswer(`edit ${edits}`, 10);
    seen = run.output.length;
    await edit("never", '\nthrow new Error("no database");\n');
    await run.says(/what served before goes on serving; [^]*no database/, 60, seen);
    await expectAnswer(`edit ${edits}`, 10);
    await edit("mended");
    await expectAnswer("mended", 30);
    const reports = await attack.stop();
    expect(reports.map(failedOf), JSON.stringify(reports.map(({ errors }) => errors))).to.deep.equal([0, 0]);
    expect(run.output).to.match(/staging test-namespace\/identity │ \{.*"msg":"started"/);

    expect(await run.end(), run.output.slice(-3_000)).to.equal(0);
    await expectAnswer("mended", 10);
    const after = await shape();
    expect(await imageOf(cluster(), namespace, deployment))
      .to.match(/@sha256:/)
      .and.not.equal(image);
    expect({ keys: after.keys, managers: after.managers }).to.deep.equal({
      keys: before.keys,
      managers: before.managers,
    });
    expect((await project.succeed("up")).stdout).to.not.match(anyChange);
  });

  it("a second run is refused, and what a killed one leaves is brought back by the next up", async () => {
    const before = await shape();
    run = await DevRun.start(project, ["staging"]);
    const second = await project.run("dev", "staging");
    expect(second.status, second.all).to.equal(1);
    expect(second.all).to.match(
      /npm run dev is running in this folder already \(process \d+, .*\): end it with Ctrl-C/,
    );
    await edit("not deployed");
    await expectAnswer("not deployed", 30);
    await run.kill();
    expect((await shape()).keys).to.include("kind-fleet.dev/before");
    await edit("mended");
    const { stdout } = await project.succeed("up");
    expect(stdout).to.include("Brought back from an npm run dev that was killed: test-namespace/identity");
    await expectAnswer("mended", 60);
    expect(await shape()).to.deep.equal(before);
    await edit("deployed");
    await project.succeed("up"); // no conflict over fields that dev mode had
    await expectAnswer("deployed", 60);
  });

  it("--roll-out brings an edit to the cluster as a new image", async () => {
    const image = await imageOf(cluster(), namespace, deployment);
    run = await DevRun.start(project, ["staging"], ["--roll-out"]);
    await edit("rolled out");
    await expectAnswer("rolled out", 60);
    expect(await imageOf(cluster(), namespace, deployment))
      .to.match(/@sha256:/)
      .and.not.equal(image);
    expect(await run.end(), run.output.slice(-3_000)).to.equal(0);
    expect((await project.succeed("up")).stdout).to.not.match(anyChange);
  });
});
