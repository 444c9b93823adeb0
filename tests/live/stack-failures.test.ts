import { readdir, readlink } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { expect } from "chai";
import { execa } from "execa";
import { parse, stringify } from "yaml";
import { waitFor } from "../../host/wait.ts";
import { explainFailures } from "../support/contract.ts";
import { settled, sweep, ThrowawayProject } from "../support/throwaway.ts";

describe("bad input and faults", function () {
  this.timeout(600_000);
  let project: ThrowawayProject;
  const cluster = () => project.clusters.get("staging")!;
  const containers = async () =>
    (await execa("docker", ["ps", "--all", "--filter", `name=${cluster().name}`, "--format", "{{.Names}} {{.State}}"]))
      .stdout;
  const answers = async (stack = "staging") =>
    (await fetch(`${project.endpoint(stack)}/cluster`, { signal: AbortSignal.timeout(5000) })).text();

  /** Ends this project's Pulumi, and nobody else's. */
  const signalPulumi = async (signal: "INT" | "KILL") => {
    const { stdout } = await execa("pgrep", ["-f", "pulumi up .*--stack staging"], { reject: false });
    const signalled: string[] = [];
    for (const pid of stdout.split("\n").filter(Boolean)) {
      if ((await readlink(`/proc/${pid}/cwd`).catch(() => "")) !== project.folder) continue;
      const { exitCode } = await execa("kill", [`-${signal}`, pid], { reject: false });
      if (exitCode === 0) signalled.push(pid);
    }
    expect(signalled).not.to.deep.equal([]);
  };

  before(async () => {
    await sweep();
    project = await ThrowawayProject.create(["staging"]);
  });
  after(async () => project.remove());
  explainFailures(() => [project.cluster("staging")]);

  it("names an unknown stack, and those that there are", async () => {
    const { status, all } = await project.run("up", "nowhere");
    expect(status).to.equal(1);
    expect(all).to.contain("nowhere").and.to.contain("staging");
  });

  it("lists every mistake of a stack file, each with its place", async () => {
    const good = await project.read("Pulumi.staging.yaml");
    const file = parse(good) as { config: Record<string, unknown> };
    const services = [
      { name: "identity", namespace: "Test_Namespace" },
      { name: "other", namespace: "a", replicas: 0, colour: "red" },
    ];
    await project.write(
      "Pulumi.staging.yaml",
      stringify({ ...file, config: { ...file.config, "identity:services": services } }),
    );
    const { status, all } = await project.run("up", "staging");
    await project.write("Pulumi.staging.yaml", good);
    expect(status).to.equal(1);
    for (const place of ["services[0].namespace", "services[1].replicas", "services[1].colour"])
      expect(all).to.contain(place);
    expect(await containers()).to.equal("");
  });

  it("says which port is taken, and makes nothing", async () => {
    const server = createServer().listen(cluster().httpPort, "127.0.0.1");
    const { status, all } = await project.run("up", "staging");
    server.close();
    expect(status).to.equal(1);
    expect(all)
      .to.contain(`port ${cluster().httpPort} of 127.0.0.1 is taken`)
      .and.to.contain("identity:cluster.httpPort");
    expect(await containers()).to.equal("");
  });

  it("leaves nothing when it is taken down after it was killed while the cluster was being made", async () => {
    const first = project.start("up", ["staging"]);
    await waitFor("the cluster's container", 120, async () => expect(await containers()).not.to.equal(""));
    await signalPulumi("KILL");
    expect((await settled(first)).status).not.to.equal(0);
    await project.succeed("down", "staging");
    expect(await containers()).to.equal("");
    expect((await execa("docker", ["volume", "ls", "--quiet", "--filter", `name=${cluster().name}`])).stdout).to.equal(
      "",
    );
  });

  it("goes on after Ctrl-C while the cluster was being made", async () => {
    const first = project.start("up", ["staging"]);
    await waitFor("the cluster's container", 120, async () => expect(await containers()).not.to.equal(""));
    first.kill("SIGINT");
    await signalPulumi("INT");
    expect((await settled(first)).status).not.to.equal(0);
    await project.succeed("up", "staging");
    expect(await answers()).to.equal("This is identity in cluster staging");
  });

  it("goes on after Pulumi was killed in the middle of an update, without a lock to remove", async () => {
    await project.edit("service/src/handlers/greeting.ts", "hello", "after the kill");
    const first = project.start("up", ["staging"]);
    const lock = async () =>
      (await readdir(join(project.folder, ".fleet/state/.pulumi/locks"), { recursive: true })).filter((path) =>
        path.endsWith(".json"),
      );
    await waitFor("the update's lock", 120, async () => expect(await lock()).not.to.deep.equal([]));
    await signalPulumi("KILL");
    expect(await lock()).not.to.deep.equal([]);
    expect((await settled(first)).status).not.to.equal(0);
    await project.succeed("up", "staging");
    await waitFor("the new answer", 30, async () =>
      expect(await (await fetch(project.endpoint("staging"))).text()).to.equal("after the kill"),
    );
  });

  it("says that a passphrase is wrong, and changes nothing", async () => {
    const ran = await settled(project.start("up", ["staging"], { PULUMI_CONFIG_PASSPHRASE: "not this one" }));
    expect(ran.status).to.equal(1);
    expect(ran.all).to.contain("PULUMI_CONFIG_PASSPHRASE");
    expect(await answers()).to.equal("This is identity in cluster staging");
  });

  it("shows why a bad roll-out fails, while the old pods serve, and is healed by a good one", async () => {
    const good = await project.read("Pulumi.staging.yaml");
    const file = parse(good) as { config: { "identity:services": Record<string, unknown>[] } };
    file.config["identity:services"][0]!.image = "localhost:1/nothing:here";
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

  it("starts a stopped cluster again", async () => {
    await execa("docker", ["stop", project.node("staging")]);
    await project.succeed("up", "staging");
    await waitFor("the ingress", 60, async () =>
      expect(await answers()).to.equal("This is identity in cluster staging"),
    );
  });

  it("makes a cluster anew that was deleted behind its back", async () => {
    await execa("kind", ["delete", "cluster", "--name", cluster().name], { env: { KUBECONFIG: project.kubeconfig } });
    await project.succeed("up", "staging");
    expect(await answers()).to.equal("This is identity in cluster staging");
  });

  it("gives a third cluster by one more stack file", async () => {
    const file = parse(await project.read("Pulumi.staging.yaml")) as { config: Record<string, unknown> };
    await project.addStack("production", file, { workers: 1 });
    await project.succeed("up", "production");
    expect(await answers("production")).to.equal("This is identity in cluster production");
  });

  it("spreads a service over the nodes of a cluster with a worker", async () => {
    const { stdout } = await execa("kubectl", [
      "--kubeconfig",
      project.kubeconfig,
      "--context",
      project.cluster("production").context,
      "get",
      "pods",
      "--namespace",
      "test-namespace",
      "--selector=app.kubernetes.io/name=identity",
      "--output=jsonpath={.items[*].spec.nodeName}",
    ]);
    expect(new Set(stdout.split(" "))).to.have.length(2);
  });

  it("takes down what is gone already", async () => {
    await execa("kind", ["delete", "cluster", "--name", cluster().name], { env: { KUBECONFIG: project.kubeconfig } });
    await project.succeed("down");
    expect(await containers()).to.equal("");
  });
});
