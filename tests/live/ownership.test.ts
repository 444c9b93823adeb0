import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { registryPort } from "../../config/host-ports.ts";
import { docker } from "../../host/docker.ts";
import { waitFor } from "../../host/wait.ts";
import { images } from "../../versions.ts";
import { explainFailures } from "../support/explain-failures.ts";
import { kubectl } from "../support/kubectl.ts";
import { sweep } from "../support/throwaway-clusters.ts";
import { settled, ThrowawayProject } from "../support/throwaway-project.ts";

describe("two checkouts of the project on one machine", function () {
  this.timeout(600_000);
  let first: ThrowawayProject;
  let second: ThrowawayProject;
  let node: string;
  let ownImage: string;
  const cluster = () => first.clusters.get("staging")!;
  const nodeId = () => docker(["inspect", "--format", "{{.Id}}", first.node("staging")]);
  const traces = async () =>
    [
      await docker(["ps", "--all", "--filter", `name=${cluster().name}`, "--format", "{{.Names}}"]),
      await docker(["volume", "ls", "--filter", `name=${cluster().name}`, "--format", "{{.Name}}"]),
    ].join("");
  const answer = async (path = "/cluster") =>
    (await fetch(first.endpoint("staging") + path, { signal: AbortSignal.timeout(5000) })).text();
  const refused = async (project: ThrowawayProject, script: string, ...args: string[]) => {
    const { status, all } = await project.run(script, ...args);
    expect(status, all).to.equal(1);
    expect(all).not.to.match(/\n {4}at /); // no stack trace
    return all;
  };

  before(async () => {
    await sweep();
    first = await ThrowawayProject.create(["staging"]);
    await first.setConfig("staging", "services", [
      { name: "identity", namespace: "test-namespace", ingress: true, replicas: 1 },
    ]);
    second = await first.secondCheckout();
    // Something of the user's, under the address of the stack's registry.
    ownImage = `localhost:${registryPort(cluster())}/mine:dev`;
    await docker(["tag", images.registry, ownImage]);
  });
  after(async () => {
    await second.remove();
    await first.remove();
    await docker(["image", "rm", ownImage]);
  });
  explainFailures(() => [first.cluster("staging")]);

  it("the second checkout's up and down are refused while the first one's up creates, and name the process", async () => {
    const running = first.start("up", ["staging"]);
    await waitFor("the record of the creation", 120, async () => expect(await traces()).to.contain("being-created"));
    const all = await Promise.all([refused(second, "up", "staging"), refused(second, "down", "staging")]);
    for (const text of all) {
      expect(text).to.match(/is being created right now by process \d+/);
      expect(text).to.contain(first.folder);
    }
    const { status, all: text } = await settled(running);
    expect(status, text).to.equal(0);
    node = await nodeId();
  });

  it("the second checkout's preview, up and down are refused, and leave the first one's cluster as it is", async () => {
    for (const script of ["preview", "up", "down"]) {
      const text = await refused(second, script);
      expect(text).to.contain(`stack staging of project identity in ${first.folder}`);
      expect(text).to.contain("npm run up -- staging --adopt").and.to.contain("npm run down -- staging --adopt");
    }
    expect(await nodeId()).to.equal(node);
    expect(await answer()).to.equal("This is identity in cluster staging");
  });

  it("after the state was lost, down and up name what stands, and up --adopt goes on with it, whatever has changed", async () => {
    await rm(join(first.folder, ".fleet"), { recursive: true });
    expect(await refused(first, "down")).to.contain("npm run down -- staging --adopt");
    expect(await refused(first, "up")).to.contain("npm run up -- staging --adopt");
    await first.edit("service/src/handlers/greeting.ts", "hello", "after the loss");
    await first.succeed("up", "staging", "--adopt");
    expect(await nodeId()).to.equal(node);
    await waitFor("the new answer", 30, async () => expect(await answer("/")).to.equal("after the loss"));
    await first.succeed("up", "staging");
  });

  it("the second checkout takes the cluster over when that is asked for, and the first one is told, and can forget it", async () => {
    await second.succeed("up", "staging", "--adopt");
    expect(await nodeId()).to.equal(node);
    for (const script of ["preview", "up"]) expect(await refused(first, script)).to.contain(second.folder);
    expect(await refused(first, "down"))
      .to.contain(second.folder)
      .and.to.contain("npm run down -- staging --forget");
    await first.succeed("down", "staging", "--forget");
    expect(await nodeId()).to.equal(node);
  });

  it("a renamed stack keeps its cluster", async () => {
    await second.shell('eval "$(npm run -s env)" && pulumi stack rename prod --stack staging');
    second.clusters.set("prod", cluster());
    await second.shell("[ -e Pulumi.prod.yaml ] || mv Pulumi.staging.yaml Pulumi.prod.yaml");
    await second.succeed("up", "prod");
    expect(await nodeId()).to.equal(node);
    // The pods of before may still be leaving.
    await waitFor("the new answer", 30, async () =>
      expect(await answer()).to.equal("This is identity in cluster prod"),
    );
  });

  it("plain pulumi goes on with it on another backend, with secrets under that one's own passphrase", async () => {
    const file = "Pulumi.prod.yaml";
    const before = await second.read(file);
    await second.write(file, before.replace(/^encryptionsalt.*\n/m, ""));
    const backend = join(second.folder, "other-backend");
    await mkdir(backend);
    const path = "identity:services[0].secretEnv.API_KEY";
    await second.shell(`eval "$(npm run -s env)"
      export PULUMI_BACKEND_URL='file://${backend}' PULUMI_CONFIG_PASSPHRASE=mine FLEET_ADOPT=true
      pulumi stack init prod --no-select
      pulumi config set -s prod --secret --path '${path}' hunter2
      pulumi up -s prod --yes --skip-preview --non-interactive`);
    expect(await nodeId()).to.equal(node);
    expect(await answer()).to.equal("This is identity in cluster prod");
    const state = await readFile(join(backend, ".pulumi", "stacks", "identity", "prod.json"), "utf8");
    expect(state).to.contain("API_KEY").and.not.to.contain("hunter2");
    const variable = ["--namespace=test-namespace", "get", "secrets", "--output=jsonpath={.items[*].data.API_KEY}"];
    expect(await kubectl(first.cluster("staging"), variable)).to.equal(Buffer.from("hunter2").toString("base64"));
    await second.write(file, before);
    await rm(backend, { recursive: true });
  });

  it("down --adopt removes all that a lost state has made, and nothing of the user's", async () => {
    await rm(join(second.folder, ".fleet"), { recursive: true });
    expect(await refused(second, "down")).to.contain("npm run down -- prod --adopt");
    await second.succeed("down", "prod", "--adopt");
    expect(await traces()).to.equal("");
    const left = await docker(["images", "--format", "{{.Repository}}:{{.Tag}}"]);
    expect(left.split("\n").filter((name) => name.includes(`localhost:${registryPort(cluster())}/`))).to.deep.equal([
      ownImage,
    ]);
    expect((await second.succeed("down")).all).to.contain("Nothing is up.");
  });
});
