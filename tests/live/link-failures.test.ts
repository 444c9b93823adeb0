import { expect } from "chai";
import { execa } from "execa";
import type { CallOptions } from "../../fleet/proof/call-from-pod.ts";
import { waitFor } from "../../host/wait.ts";
import { addressOf } from "../support/container-address.ts";
import { answerToPod, explainFailures } from "../support/contract.ts";
import { restartEngine } from "../support/engine.ts";
import { failureOf } from "../support/failure.ts";
import { imageOf, restartsOf } from "../support/kubectl.ts";
import { sweep, throwawayName, ThrowawayProject } from "../support/throwaway.ts";
import { startTlsTarget, type TlsTarget } from "../support/tls-target.ts";

const namespace = "test-namespace";
const alias = "http://cluster2-service1.test-namespace.svc.cluster.local/cluster";

describe("a link under failure", function () {
  this.timeout(600_000);
  let project: ThrowawayProject;
  let site: TlsTarget | undefined;
  const call = (options?: CallOptions) =>
    answerToPod(project.cluster("development"), namespace, "identity", alias, options);
  const served = { status: 200, body: "This is identity in cluster staging" };
  const restarts = () => restartsOf(project.cluster("development"), namespace, "service2", "skipper-ingress");
  const links = async () =>
    JSON.parse((await project.succeed("links", "--json")).stdout) as {
      stack: string;
      alias: string;
      hop?: string;
      problem?: string;
      answer?: string;
      way: string;
    }[];
  /** Plain Pulumi, which proves nothing. */
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

  it("comes up between two stacks that refer to one another, in two passes", async () => {
    await project.setPeers("staging", [
      { alias: "cluster1-service1", namespace, stack: "development", whenAbsent: "omit" },
    ]);
    const { all } = await project.succeed("up");
    expect(all)
      .to.match(/=== staging ===[^]*=== development ===[^]*=== staging ===/)
      .and.to.contain("going on without it");
    expect((await links()).map(({ stack, problem, answer }) => [stack, problem ?? answer])).to.have.deep.members([
      ["staging", "This is identity in cluster development"],
      ["development", "This is identity in cluster staging"],
    ]);
  });

  it("fails within the caller's own deadline while the peer's cluster is paused, and works again in 10 s without an update", async () => {
    const before = await restarts();
    await execa("docker", ["pause", project.node("staging")]);
    try {
      expect((await failureOf(call()))?.message).to.match(/timeout|aborted/i);
      expect((await links()).map(({ stack, hop }) => [stack, hop])).to.have.deep.members([
        ["development", "timeout"],
        ["staging", "caller"],
      ]);
      expect(await restarts()).to.equal(before);
    } finally {
      await execa("docker", ["unpause", project.node("staging")]);
    }
    await waitFor("the link", 10, async () => expect(await call({ deadline: 2000 })).to.deep.equal(served));
  });

  it("is dead once the peer's cluster is destroyed, and proved again by the next up", async () => {
    await project.succeed("down", "staging", "--force");
    try {
      const { status, all } = await project.run("links", "--check");
      expect(status, all).to.equal(1);
      expect(all).to.contain("staging is not up any more");
      // Its node's name may be remembered for a while, and its address lead nowhere.
      const [development, ...others] = (await links()).filter(({ stack }) => stack === "development");
      expect(development?.hop, JSON.stringify(development)).to.be.oneOf(["target", "refused", "timeout"]);
      expect(others).to.deep.equal([]);
    } finally {
      await project.succeed("up");
    }
    // The caller's resolver may know the old address for as long as it keeps names.
    await waitFor("the link", 40, async () => expect(await call()).to.deep.equal(served));
    expect((await project.succeed("links", "--check")).status).to.equal(0);
  });

  it("tells the hop at which each kind of target fails", async () => {
    site = await startTlsTarget(
      throwawayName(),
      await imageOf(project.cluster("staging"), namespace, "identity"),
      `http://${project.node("staging")}`,
    );
    const expected = { expect: { name: "identity", cluster: "staging" } };
    const targets: Record<string, { url: string; hop: string; expect?: object }> = {
      "no-such-name": { url: "http://nobody-has-this-name:8080", hop: "target" },
      "nothing-listens": { url: `http://${project.node("staging")}:81`, hop: "refused" },
      "unknown-authority": { url: site.url, hop: "tls" },
      "wrong-host": { url: `http://${site.address}:8080`, hop: "host" },
      "wrong-identity": {
        url: `http://${project.node("staging")}`,
        hop: "identity",
        expect: { name: "identity", cluster: "elsewhere" },
      },
    };
    await project.setPeers(
      "development",
      Object.entries(targets).map(([name, { url, expect: other }]) => ({
        alias: name,
        namespace,
        url,
        ...expected,
        ...(other && { expect: other }),
      })),
    );
    await update("development");
    const found = (await links()).filter(({ stack }) => stack === "development").map((row) => [row.alias, row.hop]);
    expect(found).to.have.deep.members(Object.entries(targets).map(([name, { hop }]) => [`${namespace}/${name}`, hop]));
  });

  it("moves from an IPv4 to an IPv6 address, and leads there", async () => {
    const at = (host: string) =>
      project.setPeers("development", [
        {
          alias: "cluster2-service1",
          namespace,
          url: `http://${host}`,
          expect: { name: "identity", cluster: "staging" },
        },
      ]);
    await at(await addressOf(project.node("staging")));
    await update("development");
    await at(`[${await addressOf(project.node("staging"), "GlobalIPv6Address")}]`);
    await project.succeed("up", "development");
    expect((await links()).find(({ stack }) => stack === "development"))
      .to.deep.include({ way: "endpoints", answer: "This is identity in cluster staging" })
      .and.not.to.have.property("problem");
    expect(await call()).to.deep.equal(served);
  });

  it("leads through TLS to a site of another authority, under the site's own name", async () => {
    await project.setPeers("development", [
      {
        alias: "cluster2-service1",
        namespace,
        url: site!.url,
        expect: { name: "identity", cluster: "staging" },
        caCertificate: site!.caCertificate,
      },
    ]);
    await project.succeed("up", "development");
    expect((await links()).find(({ stack }) => stack === "development"))
      .to.deep.include({ way: "proxy", answer: "This is identity in cluster staging" })
      .and.not.to.have.property("problem");
    expect(await call()).to.deep.equal(served);
  });

  // It touches all that runs on the engine.
  if (process.env.CI !== undefined) {
    it("is proved again, with no command, after the Docker engine was restarted", async () => {
      await project.setPeers("development", [{ alias: "cluster2-service1", namespace, stack: "staging" }]);
      await project.succeed("up", "development");
      const began = Date.now();
      await restartEngine();
      console.log(`      the engine was away for ${((Date.now() - began) / 1000).toFixed(0)} s`);
      await waitFor("both clusters and the link", 240, async () => {
        for (const stack of ["staging", "development"]) {
          const response = await fetch(`${project.endpoint(stack)}/cluster`, { signal: AbortSignal.timeout(5000) });
          expect(await response.text()).to.equal(`This is identity in cluster ${stack}`);
        }
        expect((await project.run("links", "--check")).status).to.equal(0);
      });
      console.log(`      proved ${((Date.now() - began) / 1000).toFixed(0)} s after its end`);
    });
  }
});
