import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { readWorkflow, workflowFile } from "../../support/ci-runner.ts";

const root = join(import.meta.dirname, "..", "..", "..");
const actionsIn = (file: string) => [...readFileSync(file, "utf8").matchAll(/uses: (\S+)@(.*)/g)];

describe("the example of a workflow", () => {
  it("uses actions by their commits, the same as the project's own CI", () => {
    const own = new Map(actionsIn(join(root, ".github", "workflows", "ci.yml")).map(([, name, at]) => [name, at]));
    const used = actionsIn(workflowFile);
    expect(used).to.have.length.of.at.least(2);
    for (const [, name, at] of used) {
      expect(at).to.match(/^[0-9a-f]{40} # v/);
      expect(at, name).to.equal(own.get(name));
    }
  });

  it("gives no job more rights than it needs, and a fork's pull request no job", async () => {
    const { permissions, jobs } = await readWorkflow();
    const { preview, up } = jobs;
    expect(permissions).to.deep.equal({});
    expect(preview!.permissions).to.deep.equal({ contents: "read", "pull-requests": "write" });
    expect(up!.permissions).to.deep.equal({ contents: "read" });
    expect(preview!.if).to.contain("github.event.pull_request.head.repo.full_name == github.repository");
    expect(up!.if).to.equal("github.event_name == 'push'");
  });

  it("lets no two ups overlap, and cuts none off", async () => {
    const { jobs } = await readWorkflow();
    expect(jobs.up!.concurrency).to.deep.equal({ group: "deploy-up", "cancel-in-progress": false });
  });

  it("has secrets in the environment of steps and jobs alone, never in a script's text", async () => {
    const { env, jobs } = await readWorkflow();
    const scripts = Object.values(jobs).flatMap(({ steps }) => steps.flatMap(({ run = [] }) => run));
    expect(scripts.join("\n")).not.to.contain("${{");
    expect(JSON.stringify(env)).not.to.contain("secrets.");
  });
});
