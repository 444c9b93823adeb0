import { expect } from "chai";
import { execa } from "execa";
import { parse } from "yaml";
import { waitFor } from "../../host/wait.ts";
import { addressOf } from "../support/container-address.ts";
import { describeContract, explainFailures } from "../support/contract.ts";
import { get, imageOf, list } from "../support/kubectl.ts";
import { type Ran, sweep, ThrowawayProject } from "../support/throwaway.ts";

/** Text that no other answer holds. */
const newGreeting = "good day";

describe("the fleet of two clusters", function () {
  this.timeout(600_000);
  let project: ThrowawayProject;
  const ingressAnswer = async (stack: string, path: string) =>
    (await fetch(project.endpoint(stack) + path, { signal: AbortSignal.timeout(5000) })).text();

  before(async () => {
    await sweep();
    project = await ThrowawayProject.create(["staging", "development"]);
  });
  after(async () => project.remove());
  explainFailures(() => [project.cluster("staging"), project.cluster("development")]);

  describe("coming up", () => {
    it("is previewed before anything is up, and the peer is shown as not known yet", async () => {
      const { all } = await project.succeed("preview");
      expect(all)
        .to.contain("npm run up -- staging")
        .and.to.match(/to create/);
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
      expect(all)
        .to.contain("This is identity in cluster staging")
        .and.to.contain("This is identity in cluster development");
      expect(all.indexOf("=== staging ===")).to.be.lessThan(all.indexOf("=== development ==="));
    });
  });

  describeContract("staging", () => ({ cluster: project.cluster("staging"), endpoint: project.endpoint("staging") }));
  describeContract("development", () => ({
    cluster: project.cluster("development"),
    endpoint: project.endpoint("development"),
  }));

  describe("standing", () => {
    it("prints what a pod gets when it calls", async () => {
      const { stdout } = await project.succeed("call", "development", "http://identity-internal:5000/cluster");
      expect(stdout)
        .to.match(/^HTTP\/1\.1 200 OK$/m)
        .and.to.match(/^content-type: text\/plain; charset=utf-8$/im)
        .and.to.contain("This is internal in cluster development");
      const other = await project.succeed(
        "call",
        "development",
        "http://identity-internal.test-namespace/cluster",
        "--from",
        "service2/identity-different-namespace",
        "-H",
        "x-request-id: from-a-test",
      );
      expect(other.stdout).to.match(/^x-request-id: from-a-test$/im);
    });

    it("changes nothing when it is brought up again, but for a context that was taken out of the kubeconfig", async () => {
      const config = async (...args: string[]) =>
        (await execa("kubectl", ["config", ...args], { env: { KUBECONFIG: project.kubeconfig } })).stdout;
      await config("use-context", project.cluster("staging").context);
      await config("delete-context", project.cluster("development").context);
      const { all } = await project.succeed("up");
      expect(all.match(/Resources:\n\s+\d+ unchanged/g), all).to.have.length(2);
      expect((await config("get-contexts", "--output=name")).split("\n")).to.include(
        project.cluster("development").context,
      );
      expect(await config("current-context")).to.equal(project.cluster("staging").context);
    });

    it("keeps the stack files as they are", async () => {
      for (const [stack, { httpPort }] of project.clusters) {
        const { config } = parse(await project.read(`Pulumi.${stack}.yaml`)) as { config: Record<string, unknown> };
        expect(config["identity:cluster"]).to.deep.include({ httpPort });
      }
    });

    it("puts the tools and the state into a shell, where plain pulumi and kubectl work", async () => {
      const script = [
        'eval "$(npm run -s env)"',
        "pulumi stack output url -s development",
        "pulumi preview -s development --expect-no-changes --non-interactive >/dev/null && echo previewed",
        `kubectl --context ${project.cluster("development").context} get deployment identity --namespace test-namespace --output=name`,
      ];
      const { stdout } = await project.shell(script.join(" && "));
      expect(stdout.split("\n")).to.deep.equal([
        project.endpoint("development"),
        "previewed",
        "deployment.apps/identity",
      ]);
    });

    it("is checked, read-only, by the integration suite for a cluster that stands", async () => {
      const { context, kubeconfig } = project.cluster("staging");
      const endpoint = project.endpoint("staging").replace("http://", "");
      const { exitCode, stdout } = await execa(
        "npm",
        ["run", "--silent", "test:live", "--", "--context", context, "--endpoint", endpoint],
        { env: { KUBECONFIG: kubeconfig }, reject: false, stdin: "ignore", timeout: 300_000 },
      );
      expect(stdout).to.match(/^\d+ passed, 0 failed$/m);
      expect(exitCode).to.equal(0);
    });

    it("lists its links, with who answers", async () => {
      const { stdout } = await project.succeed("links", "--json");
      const rows = JSON.parse(stdout) as Record<string, unknown>[];
      expect(rows).to.have.length(1);
      expect(rows[0]).to.include({
        stack: "development",
        way: "externalName",
        status: 200,
        answer: "This is identity in cluster staging",
      });
      expect(rows[0]).to.include.keys("address", "median", "p99");
      expect((await project.succeed("links", "--check")).stdout).to.contain("proved");
    });
  });

  describe("moving a link", () => {
    const alias = () => get(project.cluster("development"), "service", "test-namespace", "cluster2-service1");
    const link = async () =>
      (JSON.parse((await project.succeed("links", "--json")).stdout) as Record<string, unknown>[])[0]!;
    let uid: string;

    it("names what points at the old place, once a peer has moved to an address", async () => {
      uid = (await alias()).metadata.uid;
      await project.edit(
        "Pulumi.staging.yaml",
        "config:",
        `config:\n  identity:exposedUrl: http://${await addressOf(project.node("staging"))}`,
      );
      const { all } = await project.succeed("up", "staging");
      expect(all).to.contain("npm run up -- development");
      const { status, all: checked } = await project.run("links", "--check");
      expect(status).to.equal(1);
      expect(checked).to.contain("staging.exposedUrl changed").and.to.contain("development still points at");
      expect((await project.succeed("preview", "development")).all).to.contain("staging.exposedUrl changed");
    });

    it("leads the same alias to an address, and proves it", async () => {
      await project.succeed("up", "development");
      expect(await link()).to.include({ way: "endpoints", status: 200, answer: "This is identity in cluster staging" });
      const { metadata, spec } = await alias();
      expect(spec.type).to.equal("ClusterIP");
      expect(metadata.uid).to.equal(uid);
    });

    it("leads the same alias through a proxy, and proves it", async () => {
      await project.edit("Pulumi.development.yaml", "stack: staging", "stack: staging\n      via: proxy");
      await project.succeed("up", "development");
      expect(await link()).to.include({ way: "proxy", status: 200, answer: "This is identity in cluster staging" });
      expect((await alias()).metadata.uid).to.equal(uid);
    });

    it("leads it back to a name, and leaves no proxy", async () => {
      await project.edit("Pulumi.development.yaml", "\n      via: proxy", "");
      await project.edit(
        "Pulumi.staging.yaml",
        (await project.read("Pulumi.staging.yaml")).match(/\n {2}identity:exposedUrl: .*/)![0],
        "",
      );
      await project.succeed("up");
      expect(await link()).to.include({ way: "externalName", answer: "This is identity in cluster staging" });
      const { metadata, spec } = await alias();
      expect(spec).to.include({ type: "ExternalName" });
      expect(metadata.uid).to.equal(uid);
      expect(
        (await list(project.cluster("development"), "deployments", "test-namespace")).map(
          ({ metadata: { name } }) => name,
        ),
      ).not.to.include("cluster2-service1");
    });
  });

  describe("changing, and going", () => {
    it("rolls a change of the service out, under a new digest", async () => {
      const image = () => imageOf(project.cluster("staging"), "test-namespace", "identity");
      const before = await image();
      await project.edit("service/src/handlers/greeting.ts", "hello", newGreeting);
      await project.succeed("up", "staging");
      expect(await image())
        .to.match(/@sha256:[0-9a-f]{64}$/)
        .and.not.to.equal(before);
      await waitFor("the new answer", 30, async () =>
        expect(await ingressAnswer("staging", "/")).to.equal(newGreeting),
      );
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
      for (const args of [
        ["ps", "--all", "--format", "{{.Names}}"],
        ["volume", "ls", "--format", "{{.Name}}"],
      ])
        seen.push((await execa("docker", args)).stdout);
      for (const { name } of project.clusters.values()) expect(seen.join("\n")).not.to.contain(name);
      const { stdout: images } = await execa("docker", ["images", "--format", "{{.Repository}}"]);
      for (const { httpPort } of project.clusters.values())
        expect(images).not.to.contain(`localhost:${httpPort + 5000}/`);
      const contexts = await execa("kubectl", ["config", "get-contexts", "--output=name"], {
        env: { KUBECONFIG: project.kubeconfig },
      });
      expect(contexts.stdout).to.equal("");
      const { stdout: state } = await execa("find", [".fleet/state", "-type", "f", "-path", "*identity*"], {
        cwd: project.folder,
      });
      expect(state).to.equal("");
    });
  });
});
