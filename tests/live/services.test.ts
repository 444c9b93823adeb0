import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { parse, stringify } from "yaml";
import { run } from "../../host/command.ts";
import { tryDocker } from "../../host/docker.ts";
import { waitFor } from "../../host/wait.ts";
import { setVariable } from "../support/environment-variable.ts";
import { explainFailures } from "../support/explain-failures.ts";
import { type ImageMirror, startImageMirror } from "../support/image-mirror.ts";
import { get, imageOf, kubectl, list } from "../support/kubectl.ts";
import { failedOf, LoadGenerator } from "../support/load-generator.ts";
import { makeRedisImage } from "../support/redis-image.ts";
import { sweep } from "../support/throwaway-clusters.ts";
import { type StackFile, ThrowawayProject } from "../support/throwaway-project.ts";

const stacks = ["shop", "store"];
const examples = join(import.meta.dirname, "..", "..", "examples");

/** Builds with this machine's Go, since the image of Go may be out of reach. */
const prebuilt = { context: "examples/go-api", dockerfile: "Dockerfile.prebuilt" };

/** Where the engine has the image of Redis that is made here. */
const redisImage = "fleet-test/redis:8";

/** A service, as the examples' stack files have it. */
type Service = Record<string, unknown> & { name: string };

describe("the examples", function () {
  this.timeout(600_000);
  let project: ThrowawayProject;
  let mirror: ImageMirror;
  let restore: () => void;
  const cluster = () => project.cluster("shop");
  const servicesOf = (file: StackFile) => file.config["identity:services"] as Service[];
  const change = async (stack: string, name: string, values: object) => {
    const services = servicesOf(await project.readStackFile(stack));
    await project.setConfig(
      stack,
      "services",
      services.map((service) => (service.name === name ? { ...service, ...values } : service)),
    );
  };
  const answer = async (stack: string, path = "/") => {
    const response = await fetch(project.endpoint(stack) + path, { signal: AbortSignal.timeout(5000) });
    return `${response.status} ${(await response.text()).trim()}`;
  };
  const pods = async (name: string) => {
    const found = await list(cluster(), "pods", "shop", `--selector=app.kubernetes.io/name=${name}`);
    return found.map(({ metadata }) => metadata.name).sort();
  };

  before(async () => {
    await sweep();
    project = await ThrowawayProject.create([]);
    for (const stack of stacks) {
      await project.addStack(stack, parse(await readFile(join(examples, `Pulumi.${stack}.yaml`), "utf8")) as StackFile);
      await change(stack, "api", { build: prebuilt });
    }
    const output = join(project.folder, "examples", "go-api", "go-api");
    const go = ["build", "-trimpath", "-ldflags=-s", "-o", output, "."];
    await run("go", go, { cwd: join(examples, "go-api"), env: { CGO_ENABLED: "0" }, deadlineSeconds: 300 });
    await project.write("stacks/shop.extra.ts", await readFile(join(examples, "redis.extra.ts"), "utf8"));
    await change("shop", "web", { env: { API_URL: "http://api", REDIS_HOST: "redis" } });
    // Nodes pull Redis from a mirror that wants a login: Docker Hub may be out of reach.
    mirror = await startImageMirror(join(project.folder, ".docker"));
    restore = setVariable("DOCKER_CONFIG", join(project.folder, ".docker"));
    await makeRedisImage(redisImage);
    await mirror.push(redisImage, "redis:8");
    await project.write("mirrors.yaml", stringify({ images: mirror.nodeMirrors }));
    await project.succeed("up");
  });
  after(async () => {
    await mirror.remove();
    await project.remove();
    restore();
    await tryDocker(["rmi", "--force", redisImage]);
  });
  explainFailures(() => stacks.map((stack) => project.cluster(stack)));

  it("a service of one's own answers at its path, and calls another one by its name", async () => {
    expect(await answer("shop")).to.match(/^200 <h1>Node web<\/h1><p>go-api says: good morning<\/p>/);
    expect(await answer("shop", "/api")).to.contain('"greeting":"good morning"');
    expect(await answer("store")).to.contain('"greeting":"good evening"');
    expect(await answer("store", "/v2/")).to.equal("200 {}");
  });

  it("a stack's own resources are made beside its services, which call them: here a Redis, which counts", async () => {
    const visits = async () => Number(/visit (\d+)/.exec(await answer("shop"))?.[1]);
    const before = await visits();
    expect(before).to.be.at.least(1);
    expect(await visits()).to.equal(before + 1);
  });

  it("links lead to different services of the other cluster, and each is proved by what its file says", async () => {
    const { stdout } = await project.succeed("links", "--check", "--json");
    const found = (JSON.parse(stdout) as { alias: string; answer?: string }[]).map(({ alias, answer }) => [
      alias,
      answer,
    ]);
    const answers = Object.fromEntries(found) as Record<string, string>;
    expect(answers).to.have.all.keys("shop/store-api", "shop/images", "store/shop-web");
    expect(answers["shop/store-api"]).to.contain("good evening");
    expect(answers["shop/images"]).to.equal("{}");
    expect(answers["store/shop-web"]).to.contain("go-api says: good morning");
  });

  it("a service of one's own loses no request while it is rolled out", async () => {
    const { spec } = await get(cluster(), "service", "shop", "web");
    const generator = await LoadGenerator.start(cluster(), await imageOf(cluster(), "shop", "web"));
    const url = `http://${String(spec.clusterIP)}/`;
    const attack = await generator.attack([true, false].map((keepAlive) => ({ url, keepAlive, rate: 20 })));
    for (const deployment of ["web", "api"]) {
      const target = ["--namespace", "shop", `deployment/${deployment}`];
      await kubectl(cluster(), ["rollout", "restart", ...target]);
      await kubectl(cluster(), ["rollout", "status", ...target, "--timeout=55s"]);
    }
    const reports = await attack.stop();
    expect(reports.map(failedOf), JSON.stringify(reports.map(({ errors }) => errors))).to.deep.equal([0, 0]);
  });

  it("an image that runs as root is refused, and what ran before goes on running, as does the other stack", async () => {
    const before = await pods("web");
    await project.edit("examples/node-web/Dockerfile", "USER 65532", "USER 0");
    const { status, all } = await project.run("up", "--full");
    expect(status).to.equal(1);
    expect(all).to.contain("services[1] (shop/web): the image").and.to.contain("runs as root");
    expect(all)
      .to.match(/^store │ +\d+ unchanged/m)
      .and.to.match(/shop failed: /);
    expect(all).not.to.match(/store failed: /);
    // Pods of the roll-out before may still have been leaving.
    const after = await pods("web");
    expect(before).to.include.members(after);
    expect(after).to.have.length.of.at.least(2);
    await project.edit("examples/node-web/Dockerfile", "USER 0", "USER 65532");
  });

  it("a port that nothing listens on is told, with the one that the container listens on", async () => {
    const before = await pods("api");
    await change("shop", "api", { env: { PORT: "8088" }, progressDeadlineSeconds: 30 });
    const { status, all } = await project.run("up", "shop");
    expect(status).to.equal(1);
    expect(all).to.contain("nothing listens on port 8080, and the container listens on 8088");
    expect(all).to.contain("listening on :8088");
    await waitFor("the API", 10, async () => expect(await answer("shop", "/api")).to.match(/^200 /));
    expect(await pods("api")).to.include.members(before);
  });
});
