import { expect } from "chai";
import { registryPort } from "../../config/host-ports.ts";
import { run, tryRun } from "../../host/command.ts";
import { docker } from "../../host/docker.ts";
import { waitFor } from "../../host/wait.ts";
import { servicePort } from "../../infra/manifest/service-port.ts";
import { addressOf } from "../support/container-address.ts";
import { describeContract } from "../support/describe-contract.ts";
import { describeHealing } from "../support/describe-healing.ts";
import { explainFailures } from "../support/explain-failures.ts";
import { get, imageOf, list } from "../support/kubectl.ts";
import { sweep } from "../support/throwaway-clusters.ts";
import { ThrowawayProject } from "../support/throwaway-project.ts";

/** Text that no other answer holds. */
const newGreeting = "good day";

describe("a fleet of two clusters", function () {
  this.timeout(600_000);
  let project: ThrowawayProject;
  const ingressAnswer = async (stack: string, path: string) =>
    (await fetch(project.endpoint(stack) + path, { signal: AbortSignal.timeout(5000) })).text();

  const containers = () => docker(["ps", "--all", "--format", "{{.Names}}"]);
  const kubectlConfig = (...args: string[]) =>
    run("kubectl", ["config", ...args], { env: { KUBECONFIG: project.kubeconfig } });

  before(async () => {
    await sweep();
    project = await ThrowawayProject.create(["staging", "development"]);
  });
  after(async () => project.remove());
  explainFailures(() => [project.cluster("staging"), project.cluster("development")]);

  describe("which comes up", () => {
    it("npm run preview works before any cluster is up, and shows a peer that would not be up as not known yet", async () => {
      const { all } = await project.succeed("preview");
      expect(all.match(/to create/g)).to.have.length(2);
      expect(all).to.match(/=== development ===[^]*=== staging ===/);
      expect(all).not.to.contain("npm run up -- staging");
      expect((await project.succeed("preview", "development")).all).to.contain("npm run up -- staging");
      const names = await containers();
      for (const { name } of project.clusters.values()) expect(names).not.to.contain(name);
    });

    it("npm run up refuses a stack whose peer is not up, before it changes anything", async () => {
      const { status, all } = await project.run("up", "development");
      expect(status).to.equal(1);
      expect(all).to.contain("npm run up -- staging");
      expect(await containers()).not.to.contain(project.clusterName("development"));
    });

    it("npm run up brings up both clusters at once, and proves the link", async () => {
      const { all } = await project.succeed("up");
      expect(all).to.contain("called http://cluster2-service1.test-namespace.svc/cluster");
      expect(all)
        .to.contain("This is identity in cluster staging")
        .and.to.contain("This is identity in cluster development");
      const stacks = [...all.matchAll(/^(staging|development) +│ /gm)].map(([, stack]) => stack);
      // Neither waits for the other's end.
      expect(stacks.indexOf("staging")).to.be.lessThan(stacks.lastIndexOf("development"));
      expect(stacks.indexOf("development")).to.be.lessThan(stacks.lastIndexOf("staging"));
    });
  });

  describeContract("staging", () => ({ cluster: project.cluster("staging"), endpoint: project.endpoint("staging") }));
  describeContract("development", () => ({
    cluster: project.cluster("development"),
    endpoint: project.endpoint("development"),
  }));

  describe("which is up", () => {
    it("npm run call prints the answer that a pod gets", async () => {
      const url = `http://identity-internal:${servicePort}/cluster`;
      const { stdout } = await project.succeed("call", "development", url);
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

    it("a second npm run up changes nothing, but puts a deleted context back into the kubeconfig", async () => {
      await kubectlConfig("use-context", project.cluster("staging").context);
      await kubectlConfig("delete-context", project.cluster("development").context);
      const { all } = await project.succeed("up");
      expect(all.match(/│ Nothing has changed since the last up\./g), all).to.have.length(2);
      const contexts = await kubectlConfig("get-contexts", "--output=name");
      expect(contexts.split("\n")).to.include(project.cluster("development").context);
      expect(await kubectlConfig("current-context")).to.equal(project.cluster("staging").context);
    });

    it("npm run up --full has Pulumi compare everything, and that changes nothing either", async () => {
      const { all } = await project.succeed("up", "--full");
      expect(all.match(/Resources:\n\S+ +│ +\d+ unchanged/g), all).to.have.length(2);
    });

    it("no stack's state holds anything secret of another stack", async () => {
      const state = JSON.parse(await project.read(".fleet/state/.pulumi/stacks/identity/development.json")) as {
        checkpoint: { latest: { resources: { type: string; outputs: { outputs: object } }[] } };
      };
      const { resources } = state.checkpoint.latest;
      const [reference] = resources.filter(({ type }) => type === "pulumi:pulumi:StackReference");
      expect(reference!.outputs.outputs)
        .to.include.keys("exposedUrl", "services")
        .and.not.to.have.property("kubeconfig");
      expect(JSON.stringify(reference)).not.to.contain("ciphertext");
    });

    it("the commands of the fleet leave the stack files as they are", async () => {
      for (const [stack, { httpPort }] of project.clusters) {
        const { config } = await project.readStackFile(stack);
        expect(config["identity:cluster"]).to.deep.include({ httpPort });
      }
    });

    it("npm run env sets up a shell in which plain pulumi and kubectl work", async () => {
      const { context } = project.cluster("development");
      const script = [
        'eval "$(npm run -s env)"',
        "pulumi stack output url -s development",
        "pulumi preview -s development --expect-no-changes --non-interactive >/dev/null && echo previewed",
        `kubectl --context ${context} get deployment identity --namespace test-namespace --output=name`,
      ];
      const { stdout } = await project.shell(script.join(" && "));
      expect(stdout.split("\n")).to.deep.equal([
        project.endpoint("development"),
        "previewed",
        "deployment.apps/identity",
      ]);
    });

    it("npm run test:live -- --context checks a cluster that is up, read-only", async () => {
      const { context } = project.cluster("staging");
      const endpoint = project.endpoint("staging").replace("http://", "");
      const { stdout, error } = await tryRun(
        "npm",
        ["run", "--silent", "test:live", "--", "--context", context, "--endpoint", endpoint],
        { env: { KUBECONFIG: project.kubeconfig }, deadlineSeconds: 300 },
      );
      expect(stdout).to.match(/^\d+ passed, 0 failed$/m);
      expect(error).to.equal(undefined);
    });

    it("npm run links lists each link, with who answers", async () => {
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

  describe("whose link is moved", () => {
    const alias = () => get(project.cluster("development"), "service", "test-namespace", "cluster2-service1");
    const link = async () =>
      (JSON.parse((await project.succeed("links", "--json")).stdout) as Record<string, unknown>[])[0]!;
    let uid: string;

    it("npm run up and links name the stack that points at the old place, once its peer has moved to an address", async () => {
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

    it("a link that is moved to an address keeps its alias's Service, and is proved", async () => {
      await project.succeed("up", "development");
      expect(await link()).to.include({ way: "endpoints", status: 200, answer: "This is identity in cluster staging" });
      const { metadata, spec } = await alias();
      expect(spec.type).to.equal("ClusterIP");
      expect(metadata.uid).to.equal(uid);
    });

    it("a link that is moved to a proxy keeps its alias's Service, and is proved", async () => {
      await project.edit("Pulumi.development.yaml", "stack: staging", "stack: staging\n      via: proxy");
      await project.succeed("up", "development");
      expect(await link()).to.include({ way: "proxy", status: 200, answer: "This is identity in cluster staging" });
      expect((await alias()).metadata.uid).to.equal(uid);
    });

    it("a link that is moved back to a name keeps its alias's Service, and leaves no proxy", async () => {
      await project.edit("Pulumi.development.yaml", "\n      via: proxy", "");
      const [exposedUrl] = (await project.read("Pulumi.staging.yaml")).match(/\n {2}identity:exposedUrl: .*/)!;
      await project.edit("Pulumi.staging.yaml", exposedUrl, "");
      await project.succeed("up");
      expect(await link()).to.include({ way: "externalName", answer: "This is identity in cluster staging" });
      const { metadata, spec } = await alias();
      expect(spec).to.include({ type: "ExternalName" });
      expect(metadata.uid).to.equal(uid);
      const deployments = await list(project.cluster("development"), "deployments", "test-namespace");
      expect(deployments.map(({ metadata: { name } }) => name)).not.to.include("cluster2-service1");
    });
  });

  describeHealing("staging", () => project);

  describe("which is changed, and taken down", () => {
    it("npm run up rolls out a change of the service, under a new digest", async () => {
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

    it("npm run down refuses to take down a stack that another one refers to", async () => {
      const { status, all } = await project.run("down", "staging");
      expect(status).to.equal(1);
      expect(all).to.contain("npm run down -- development staging");
      expect(await ingressAnswer("staging", "/")).to.equal(newGreeting);
    });

    it("npm run down leaves no container, volume, image, context or state", async () => {
      await project.succeed("down");
      const traces = [await containers(), await docker(["volume", "ls", "--format", "{{.Name}}"])].join("\n");
      for (const { name } of project.clusters.values()) expect(traces).not.to.contain(name);
      const images = await docker(["images", "--format", "{{.Repository}}"]);
      for (const cluster of project.clusters.values()) {
        expect(images).not.to.contain(`localhost:${registryPort(cluster)}/`);
      }
      expect(await kubectlConfig("get-contexts", "--output=name")).to.equal("");
      const search = [".fleet/state", "-type", "f", "-path", "*identity*"];
      expect(await run("find", search, { cwd: project.folder })).to.equal("");
    });
  });
});
