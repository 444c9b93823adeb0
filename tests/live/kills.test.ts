import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { registryPort } from "../../config/host-ports.ts";
import { docker, tryDocker } from "../../host/docker.ts";
import { waitFor } from "../../host/wait.ts";
import { registryName } from "../../infra/registry/registry-address.ts";
import { explainFailures } from "../support/explain-failures.ts";
import { killProcessesOf } from "../support/kill-project.ts";
import { restartEngine } from "../support/restart-engine.ts";
import { sweep } from "../support/throwaway-clusters.ts";
import { settled, ThrowawayProject } from "../support/throwaway-project.ts";

/** The longest that a command runs before it is killed: about as long as it takes by itself, in milliseconds. */
const longestRun = { up: 20_000, down: 6000 };

const stacks = ["staging", "development"];

describe("two stacks whose commands are killed at random moments", function () {
  this.timeout(900_000);
  let project: ThrowawayProject;
  const answer = async (stack: string) =>
    (await fetch(`${project.endpoint(stack)}/cluster`, { signal: AbortSignal.timeout(5000) })).text();
  const expectAnswers = async (of = stacks) => {
    for (const stack of of) {
      await waitFor(`the ingress of ${stack}`, 60, async () =>
        expect(await answer(stack)).to.equal(`This is identity in cluster ${stack}`),
      );
    }
  };

  before(async () => {
    await sweep();
    project = await ThrowawayProject.create(stacks);
    for (const stack of stacks) {
      await project.setConfig(stack, "services", [
        { name: "identity", namespace: "test-namespace", ingress: true, replicas: 1 },
      ]);
    }
  });
  after(async () => project.remove());
  explainFailures(() => stacks.map((stack) => project.cluster(stack)));

  /** Ten commands, each killed with SIGKILL together with everything that it started. */
  const killTen = async () => {
    for (let round = 0; round < 10; round++) {
      const command = round % 4 === 3 ? "down" : "up";
      const milliseconds = Math.round(Math.random() * longestRun[command]);
      if (round === 5) await tryDocker(["kill", registryName(project.clusterName("staging"))]);
      console.log(`        ${command}, killed after ${milliseconds} ms`);
      const running = project.start(command);
      await Promise.race([sleep(milliseconds), running]);
      await killProcessesOf(project);
      await settled(running);
    }
  };

  it("npm run up brings up what ten killed commands and a killed registry have left", async () => {
    await killTen();
    await project.succeed("up");
    await expectAnswers();
  });

  it("npm run up goes on after the engine was restarted under a killed one", async function () {
    if (!process.env.CI) return this.skip(); // A restart affects everything that runs on the engine.
    await project.succeed("down", "development"); // one cluster is enough to have start again
    const running = project.start("up", ["staging"]);
    await sleep(5000);
    await killProcessesOf(project);
    await settled(running);
    await restartEngine();
    await project.succeed("up", "staging");
    await expectAnswers(["staging"]);
  });

  it("npm run down leaves nothing of what ten more killed commands have left", async () => {
    await killTen();
    await project.succeed("down");
    const containers = await docker(["ps", "--all", "--format", "{{.Names}}"]);
    const volumes = await docker(["volume", "ls", "--format", "{{.Name}}"]);
    const images = await docker(["images", "--format", "{{.Repository}}"]);
    for (const { name, httpPort } of project.clusters.values()) {
      expect([containers, volumes].join("\n")).not.to.contain(name);
      expect(images).not.to.contain(`localhost:${registryPort({ httpPort })}/`);
    }
    const { all } = await project.succeed("down");
    expect(all).to.contain("Nothing is up.");
  });
});
