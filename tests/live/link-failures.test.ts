import { expect } from "chai";
import { ingressNamespace } from "../../config/cluster-config.ts";
import type { CallOptions } from "../../fleet/proof/call-from-pod.ts";
import { docker } from "../../host/docker.ts";
import { waitFor } from "../../host/wait.ts";
import { identityText } from "../../service/src/identity.ts";
import { answerToPod } from "../support/answer-to-pod.ts";
import { addressOf } from "../support/container-address.ts";
import { explainFailures } from "../support/explain-failures.ts";
import { failureOf } from "../support/failure.ts";
import { imageOf, list, restartsOf } from "../support/kubectl.ts";
import { restartEngine } from "../support/restart-engine.ts";
import { sweep, throwawayName } from "../support/throwaway-clusters.ts";
import { ThrowawayProject } from "../support/throwaway-project.ts";
import { startTlsTarget, type TlsTarget } from "../support/tls-target.ts";

const namespace = "test-namespace";
const alias = "cluster2-service1";
const aliasUrl = `http://${alias}.${namespace}.svc.cluster.local/cluster`;

/** Who answers through the link. */
const staging = { name: "identity", cluster: "staging" };

describe("a link under failure", function () {
  this.timeout(600_000);
  let project: ThrowawayProject;
  let site: TlsTarget | undefined;
  const call = (options?: CallOptions) =>
    answerToPod(project.cluster("development"), { namespace, deployment: "identity" }, aliasUrl, options);
  const served = { status: 200, body: "This is identity in cluster staging" };
  const restarts = () => restartsOf(project.cluster("development"), namespace, "service2", ingressNamespace);
  const links = async () =>
    JSON.parse((await project.succeed("links", "--json")).stdout) as {
      stack: string;
      alias: string;
      hop?: string;
      problem?: string;
      answer?: string;
      way: string;
    }[];
  /** Runs plain Pulumi, which does not prove links. */
  const update = (stack: string) =>
    project.shell(`eval "$(npm run -s env)" && pulumi up --yes --non-interactive --stack ${stack}`);

  before(async () => {
    await sweep();
    project = await ThrowawayProject.create(["staging", "development"], { ipFamily: "dual" });
  });
  after(async () => {
    await site?.remove();
    await project.remove();
  });
  explainFailures(() => [project.cluster("staging"), project.cluster("development")]);

  it("links between two stacks that refer to one another come up at once", async () => {
    const peer = { alias: "cluster1-service1", namespace, stack: "development" };
    await project.setPeers("staging", [peer]);
    await project.succeed("up");
    expect((await links()).map(({ stack, problem, answer }) => [stack, problem ?? answer])).to.have.deep.members([
      ["staging", "This is identity in cluster development"],
      ["development", "This is identity in cluster staging"],
    ]);
  });

  it("a service of another image is proved and called for by a probe under its policies, of which nothing is left", async () => {
    const cluster = project.cluster("development");
    const image = await imageOf(cluster, namespace, "identity");
    const front = { name: "front", namespace: "shop", image, replicas: 1, applicationName: "front" };
    const { config } = await project.readStackFile("development");
    const services = config["identity:services"] as object[];
    const prove = { path: "/cluster", contains: "front" };
    await project.setConfig("development", "services", [...services, { ...front, prove }]);
    const { all } = await project.succeed("up", "development");
    expect(all).to.contain("and got: This is front in cluster development");
    const from = ["--from", "shop/front"];
    const { stdout } = await project.succeed("call", "development", aliasUrl, ...from);
    expect(stdout)
      .to.match(/^HTTP\/1\.1 200 OK$/m)
      .and.to.contain(served.body);
    // Its policies allow nothing else.
    // By IPv4: the network of nodes that are made here enforces no policy for IPv6.
    const forbidden = `http://${await addressOf(project.node("staging"))}:6443/`;
    // A busy node may learn of a new pod's policies later than it can call.
    await waitFor("the policies", 60, async () => {
      expect((await project.run("call", "development", forbidden, ...from)).all).to.match(/timeout|ECONNREFUSED/i);
    });
    await waitFor("the end of the probes", 20, async () => {
      expect(await list(cluster, "jobs", "shop")).to.deep.equal([]);
      expect(await list(cluster, "pods", "shop", "--selector=kind-fleet.probe")).to.deep.equal([]);
    });
  });

  it("a link to a paused cluster fails within the caller's deadline, and works 10 s after the pause, without a command", async () => {
    const before = await restarts();
    await docker(["pause", project.node("staging")]);
    try {
      expect((await failureOf(call()))?.message).to.match(/timeout|aborted/i);
      expect((await links()).map(({ stack, hop }) => [stack, hop])).to.have.deep.members([
        ["development", "timeout"],
        ["staging", "caller"],
      ]);
      expect(await restarts()).to.equal(before);
    } finally {
      await docker(["unpause", project.node("staging")]);
    }
    await waitFor("the link", 10, async () => expect(await call({ deadlineMilliseconds: 2000 })).to.deep.equal(served));
  });

  it("a link to a destroyed cluster is reported as dead, and proved again by the next npm run up", async () => {
    await project.succeed("down", "staging", "--force");
    try {
      const { status, all } = await project.run("links", "--check");
      expect(status, all).to.equal(1);
      expect(all).to.contain("staging is not up any more");
      // Resolvers may know the node's name for a while longer, and the address leads nowhere.
      const [development, ...others] = (await links()).filter(({ stack }) => stack === "development");
      expect(development?.hop, JSON.stringify(development)).to.be.oneOf(["target", "refused", "timeout"]);
      expect(others).to.deep.equal([]);
    } finally {
      await project.succeed("up");
    }
    // The caller's resolver may return the old address until its entry expires.
    await waitFor("the link", 40, async () => expect(await call()).to.deep.equal(served));
    expect((await project.succeed("links", "--check")).status).to.equal(0);
  });

  it("npm run links names the hop at which each kind of target fails", async () => {
    const node = `http://${project.node("staging")}`;
    site = await startTlsTarget(
      throwawayName(),
      await imageOf(project.cluster("staging"), namespace, "identity"),
      node,
    );
    const own = await addressOf(project.node("development"));
    const targets = [
      { alias: "no-such-name", url: "http://nobody-has-this-name:8080", expect: staging, hop: "target" },
      { alias: "nothing-listens", url: `${node}:81`, expect: staging, hop: "refused" },
      { alias: "unknown-authority", url: site.url, expect: staging, hop: "tls" },
      { alias: "wrong-host", url: `http://${site.address}:8080`, expect: staging, hop: "host" },
      { alias: "leads-back", url: `http://${own}`, expect: undefined, hop: "loop" },
      { alias: "wrong-identity", url: node, expect: { ...staging, cluster: "elsewhere" }, hop: "identity" },
    ];
    const peers = targets.map((target) => ({ alias: target.alias, namespace, url: target.url, expect: target.expect }));
    await project.setPeers("development", peers);
    await update("development");
    // A proxy's pods that have just become ready are not known to every rule of the network at once.
    await waitFor("the hops", 40, async () => {
      const found = (await links()).filter(({ stack }) => stack === "development").map((row) => [row.alias, row.hop]);
      expect(found).to.have.deep.members(targets.map((target) => [`${namespace}/${target.alias}`, target.hop]));
    });
  });

  it("a link that is moved from an IPv4 to an IPv6 address leads there", async () => {
    const linkTo = (host: string) =>
      project.setPeers("development", [{ alias, namespace, url: `http://${host}`, expect: staging }]);
    await linkTo(await addressOf(project.node("staging")));
    await update("development");
    await linkTo(`[${await addressOf(project.node("staging"), "GlobalIPv6Address")}]`);
    await project.succeed("up", "development");
    expect((await links()).find(({ stack }) => stack === "development"))
      .to.deep.include({ way: "endpoints", answer: "This is identity in cluster staging" })
      .and.not.to.have.property("problem");
    expect(await call()).to.deep.equal(served);
  });

  it("a link leads through TLS to a site with an authority of its own, under the site's own name", async () => {
    const { url, caCertificate } = site!;
    await project.setPeers("development", [{ alias, namespace, url, expect: staging, caCertificate }]);
    await project.succeed("up", "development");
    expect((await links()).find(({ stack }) => stack === "development"))
      .to.deep.include({ way: "proxy", answer: "This is identity in cluster staging" })
      .and.not.to.have.property("problem");
    expect(await call()).to.deep.equal(served);
  });

  // This affects everything that runs on the engine.
  if (process.env.CI !== undefined) {
    it("a link is proved again, without any command, after the Docker engine was restarted", async () => {
      await project.setPeers("development", [{ alias, namespace, stack: "staging" }]);
      await project.succeed("up", "development");
      const began = Date.now();
      await restartEngine();
      console.log(`      the engine was away for ${((Date.now() - began) / 1000).toFixed(0)} s`);
      await waitFor("both clusters and the link", 240, async () => {
        for (const stack of ["staging", "development"]) {
          const response = await fetch(`${project.endpoint(stack)}/cluster`, { signal: AbortSignal.timeout(5000) });
          expect(await response.text()).to.equal(identityText({ name: "identity", cluster: stack }));
        }
        expect((await project.run("links", "--check")).status).to.equal(0);
      });
      console.log(`      proved ${((Date.now() - began) / 1000).toFixed(0)} s after its end`);
    });
  }
});
