import { expect } from "chai";
import { execa } from "execa";
import { parse } from "yaml";
import { waitFor } from "../../infra/wait.ts";
import { describeContract, explainFailures } from "../support/contract.ts";
import { get } from "../support/kubectl.ts";
import { type Ran, sweep, ThrowawayProject } from "../support/throwaway.ts";

/** Text that no other answer holds. */
const newGreeting = "good day";

describe("the fleet of two clusters", function () {
  this.timeout(600_000);
  let project: ThrowawayProject;
  const ingressAnswer = async (stack: string, path: string) => (await fetch(project.endpoint(stack) + path, { signal: AbortSignal.timeout(5000) })).text();

  before(async () => {
    await sweep();
    project = await ThrowawayProject.create("staging", "development");
  });
  after(async () => project.remove());
  explainFailures(() => [project.cluster("staging"), project.cluster("development")]);

  describe("coming up", () => {
  it("is previewed before anything is up, and the peer is shown as not known yet", async () => {
    const { all } = await project.succeed("preview");
    expect(all).to.contain("npm run up -- staging").and.to.match(/to create/);
    const { stdout } = await execa("docker", ["ps", "--all", "--format", "{{.Names}}"]);
    for (const { name } of project.clusters.values()) expect(stdout).not.to.contain(name);
  });

  it("refuses a stack whose peer is not up, before anything is changed", async () => {
    const { status, all } = await project.run("up", "development");
    expect(status).to.equal(1);
    expect(all).to.contain("npm run up -- staging");
    const { stdout } = await execa("docker", ["ps", "--all", "--format", "{{.Names}}"]);
    expect(stdout).not.to.contain(project.clusters.get("development")!.name);
  });

  it("comes up by one command, which proves the link", async () => {
    const { all } = await project.succeed("up");
    expect(all).to.contain("called http://cluster2-service1.test-namespace.svc.cluster.local/cluster");
    expect(all).to.contain("This is identity in cluster staging").and.to.contain("This is identity in cluster development");
    expect(all.indexOf("=== staging ===")).to.be.lessThan(all.indexOf("=== development ==="));
  });

  });

  describeContract("staging", () => ({ cluster: project.cluster("staging"), endpoint: project.endpoint("staging") }));
  describeContract("development", () => ({ cluster: project.cluster("development"), endpoint: project.endpoint("development") }));

  describe("standing", () => {
  it("prints what a pod gets when it calls", async () => {
    const { stdout } = await project.succeed("call", "development", "http://identity-internal:5000/cluster");
    expect(stdout).to.match(/^HTTP\/1\.1 200 OK$/m).and.to.match(/^content-type: text\/plain; charset=utf-8$/im).and.to.contain("This is internal in cluster development");
    const other = await project.succeed("call", "development", "http://identity-internal.test-namespace/cluster", "--from", "service2/identity-different-namespace", "-H", "x-request-id: from-a-test");
    expect(other.stdout).to.match(/^x-request-id: from-a-test$/im);
  });

  it("changes nothing when it is brought up again", async () => {
    const { all } = await project.succeed("up");
    expect(all.match(/Resources:\n\s+\d+ unchanged/g), all).to.have.length(2);
  });

  it("keeps the stack files as they are", async () => {
    for (const [stack, { httpPort }] of project.clusters) {
      const { config } = parse(await project.read(`Pulumi.${stack}.yaml`)) as { config: Record<string, unknown> };
      expect(config["identity:cluster"]).to.deep.include({ httpPort });
    }
  });

  it("lists its links, with who answers", async () => {
    const { stdout } = await project.succeed("links", "--json");
    const rows = JSON.parse(stdout) as Record<string, unknown>[];
    expect(rows).to.have.length(1);
    expect(rows[0]).to.include({ stack: "development", way: "externalName", status: 200, answer: "This is identity in cluster staging" });
    expect(rows[0]).to.include.keys("address", "median", "p99");
    expect((await project.succeed("links", "--check")).stdout).to.contain("proved");
  });

  });

  describe("changing, and going", () => {
  it("rolls a change of the service out, under a new digest", async () => {
    const image = async () => JSON.stringify((await get(project.cluster("staging"), "deployment", "test-namespace", "identity")).spec.template);
    const before = /@sha256:\w+/.exec(await image())![0];
    await project.edit("service/answer.ts", "hello", newGreeting);
    await project.succeed("up", "staging");
    expect(/@sha256:\w+/.exec(await image())![0]).not.to.equal(before);
    await waitFor("the new answer", 30, async () => expect(await ingressAnswer("staging", "/")).to.equal(newGreeting));
  });

  it("refuses to take away a stack that another one refers to", async () => {
    const { status, all } = await project.run("down", "staging");
    expect(status).to.equal(1);
    expect(all).to.contain("npm run down -- development staging");
    expect(await ingressAnswer("staging", "/")).to.equal(newGreeting);
  });

  it("goes down without a trace", async () => {
    await project.succeed("down");
    const seen: Ran["stdout"][] = [];
    for (const args of [["ps", "--all", "--format", "{{.Names}}"], ["volume", "ls", "--format", "{{.Name}}"]]) seen.push((await execa("docker", args)).stdout);
    for (const { name } of project.clusters.values()) expect(seen.join("\n")).not.to.contain(name);
    const contexts = await execa("kubectl", ["config", "get-contexts", "--output=name"], { env: { KUBECONFIG: project.kubeconfig } });
    expect(contexts.stdout).to.equal("");
    const { stdout: state } = await execa("find", [".fleet/state", "-type", "f", "-path", "*identity*"], { cwd: project.folder });
    expect(state).to.equal("");
  });
  });
});
