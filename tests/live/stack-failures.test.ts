import { readdir, readlink } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { expect } from "chai";
import { stringify } from "yaml";
import { tryRun } from "../../host/command.ts";
import { docker } from "../../host/docker.ts";
import { kind } from "../../host/kind.ts";
import { waitFor } from "../../host/wait.ts";
import { selectorLabels } from "../../infra/manifest/labels.ts";
import { explainFailures } from "../support/explain-failures.ts";
import { kubectl, selector } from "../support/kubectl.ts";
import { sweep } from "../support/throwaway-clusters.ts";
import { settled, ThrowawayProject } from "../support/throwaway-project.ts";

describe("bad input and failures of a stack", function () {
  this.timeout(600_000);
  let project: ThrowawayProject;
  const cluster = () => project.clusters.get("staging")!;
  const containers = () =>
    docker(["ps", "--all", "--filter", `name=${cluster().name}`, "--format", "{{.Names}} {{.State}}"]);
  const answers = async (stack = "staging") =>
    (await fetch(`${project.endpoint(stack)}/cluster`, { signal: AbortSignal.timeout(5000) })).text();

  const deleteStagingCluster = () =>
    kind(["delete", "cluster", "--name", cluster().name], {
      env: { KUBECONFIG: project.kubeconfig },
      deadlineSeconds: 300,
    });

  /** Kills the Pulumi processes of this project, and no others. */
  const killPulumi = async () => {
    const { stdout } = await tryRun("pgrep", ["-f", "pulumi up .*--stack staging"]);
    const signalled: string[] = [];
    for (const pid of stdout.split("\n").filter(Boolean)) {
      if ((await readlink(`/proc/${pid}/cwd`).catch(() => "")) !== project.folder) continue;
      const { error } = await tryRun("kill", ["-KILL", pid]);
      if (error === undefined) signalled.push(pid);
    }
    expect(signalled).not.to.deep.equal([]);
  };

  before(async () => {
    await sweep();
    project = await ThrowawayProject.create(["staging"]);
  });
  after(async () => project.remove());
  explainFailures(() => [project.cluster("staging")]);

  it("npm run up names an unknown stack, and the stacks that exist", async () => {
    const { status, all } = await project.run("up", "nowhere");
    expect(status).to.equal(1);
    expect(all).to.contain("nowhere").and.to.contain("staging");
  });

  it("npm run up lists every problem of a stack file, each with its place", async () => {
    const good = await project.read("Pulumi.staging.yaml");
    await project.setConfig("staging", "services", [
      { name: "identity", namespace: "Test_Namespace" },
      { name: "other", namespace: "a", replicas: 0, colour: "red" },
    ]);
    const { status, all } = await project.run("up", "staging");
    await project.write("Pulumi.staging.yaml", good);
    expect(status).to.equal(1);
    for (const place of ["services[0].namespace", "services[1].replicas", "services[1].colour"])
      expect(all).to.contain(place);
    expect(await containers()).to.equal("");
  });

  it("npm run up says which port is taken, and makes nothing", async () => {
    const server = createServer().listen(cluster().httpPort, "127.0.0.1");
    const { status, all } = await project.run("up", "staging");
    server.close();
    expect(status).to.equal(1);
    expect(all)
      .to.contain(`port ${cluster().httpPort} of 127.0.0.1 is taken`)
      .and.to.contain("identity:cluster.httpPort");
    expect(await containers()).to.equal("");
  });

  it("npm run down leaves nothing of an up that was killed while it made the cluster", async () => {
    const first = project.start("up", ["staging"]);
    await waitFor("the cluster's container", 120, async () => expect(await containers()).not.to.equal(""));
    await killPulumi();
    expect((await settled(first)).status).not.to.equal(0);
    await project.succeed("down", "staging");
    expect(await containers()).to.equal("");
    expect(await docker(["volume", "ls", "--quiet", "--filter", `name=${cluster().name}`])).to.equal("");
  });

  it("npm run up goes on after an up that was interrupted (Ctrl-C) while it made the cluster", async () => {
    const first = project.start("up", ["staging"]);
    await waitFor("the cluster's container", 120, async () => expect(await containers()).not.to.equal(""));
    first.kill("SIGINT");
    const { status, all } = await settled(first);
    expect(status).to.equal(130);
    expect(all).to.contain("Interrupted: stopping at the next safe point");
    await project.succeed("up", "staging");
    expect(await answers()).to.equal("This is identity in cluster staging");
  });

  it("npm run up goes on after Pulumi was killed in the middle of an update, without a lock to remove", async () => {
    await project.edit("service/src/handlers/greeting.ts", "hello", "after the kill");
    const first = project.start("up", ["staging"]);
    const lock = async () =>
      (await readdir(join(project.folder, ".fleet/state/.pulumi/locks"), { recursive: true })).filter((path) =>
        path.endsWith(".json"),
      );
    await waitFor("the update's lock", 120, async () => expect(await lock()).not.to.deep.equal([]));
    await killPulumi();
    expect(await lock()).not.to.deep.equal([]);
    expect((await settled(first)).status).not.to.equal(0);
    await project.succeed("up", "staging");
    await waitFor("the new answer", 30, async () =>
      expect(await (await fetch(project.endpoint("staging"))).text()).to.equal("after the kill"),
    );
  });

  it("npm run up says that a passphrase is wrong, and changes nothing", async () => {
    // Where nothing has changed, nothing is decrypted.
    const wrong = { PULUMI_CONFIG_PASSPHRASE: "not this one" };
    const ran = await settled(project.start("up", ["staging", "--full"], wrong));
    expect(ran.status).to.equal(1);
    expect(ran.all).to.contain("PULUMI_CONFIG_PASSPHRASE");
    expect(await answers()).to.equal("This is identity in cluster staging");
  });

  it("npm run up shows why a bad roll-out fails while the old pods serve, and a good one mends it", async () => {
    const good = await project.read("Pulumi.staging.yaml");
    const file = await project.readStackFile("staging");
    const services = file.config["identity:services"] as Record<string, unknown>[];
    services[0]!.image = "localhost:1/nothing:here";
    await project.write("Pulumi.staging.yaml", stringify(file));
    const started = Date.now();
    const { status, all } = await project.run("up", "staging");
    await project.write("Pulumi.staging.yaml", good);
    expect(status).to.equal(1);
    expect(all).to.match(/identity.*(ErrImagePull|ImagePullBackOff)/s);
    expect(Date.now() - started).to.be.lessThan(120_000);
    expect(await answers()).to.equal("This is identity in cluster staging");
    await project.succeed("up", "staging");
  });

  it("npm run up starts a stopped cluster", async () => {
    await docker(["stop", project.node("staging")], { deadlineSeconds: 120 });
    await project.succeed("up", "staging");
    await waitFor("the ingress", 60, async () =>
      expect(await answers()).to.equal("This is identity in cluster staging"),
    );
  });

  it("npm run up recreates a cluster that was deleted without it", async () => {
    await deleteStagingCluster();
    await project.succeed("up", "staging");
    expect(await answers()).to.equal("This is identity in cluster staging");
  });

  it("npm run up makes a third cluster when there is one more stack file", async () => {
    await project.addStack("production", await project.readStackFile("staging"), { workers: 1 });
    await project.succeed("up", "production");
    expect(await answers("production")).to.equal("This is identity in cluster production");
  });

  it("a service is spread over the nodes of a cluster with a worker", async () => {
    const pods = ["pods", "--namespace", "test-namespace", selector(selectorLabels("identity"))];
    const names = ["--output=jsonpath={.items[*].spec.nodeName}"];
    const nodes = await kubectl(project.cluster("production"), ["get", ...pods, ...names]);
    expect(new Set(nodes.split(" "))).to.have.length(2);
  });

  it("npm run down takes down a stack whose cluster is gone already", async () => {
    await deleteStagingCluster();
    await project.succeed("down");
    expect(await containers()).to.equal("");
  });
});
