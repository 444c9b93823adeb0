import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { ExecaError } from "execa";
import { parse } from "yaml";
import type { Ran, ThrowawayProject } from "./throwaway-project.ts";

/** The workflow that docs/existing-clusters.md hands out. */
export const workflowFile = join(dirname(dirname(import.meta.dirname)), "examples", "deploy-workflow.yaml");

/** A workflow of GitHub's, as far as it is read here. */
export interface Workflow {
  permissions: Record<string, string>;
  env: Record<string, string>;
  jobs: Record<string, Job>;
}

interface Job {
  if: string;
  permissions: Record<string, string>;
  concurrency: { group: string; "cancel-in-progress": boolean };
  env: Record<string, string>;
  steps: Step[];
}

interface Step {
  name?: string;
  uses?: string;
  if?: string;
  run?: string;
  env?: Record<string, string>;
}

export const readWorkflow = async (): Promise<Workflow> => parse(await readFile(workflowFile, "utf8")) as Workflow;

/** What a runner has in its environment that no workflow sets. */
const runnersOwn = {
  CI: "true",
  GITHUB_ACTIONS: "true",
  GITHUB_SERVER_URL: "https://github.com",
  GITHUB_REPOSITORY: "acme/fleet",
  GITHUB_RUN_ID: "1",
};

/** A runner of GitHub's: a checkout that knows of no other, and runs those steps of a job that need no GitHub. */
export class CiRunner {
  readonly project: ThrowawayProject;
  private readonly secrets: Record<string, string>;
  private readonly replaced: Record<string, string>;

  /**
   * @param secrets those of the repository
   * @param replaced variables that every user of the workflow writes differently
   */
  constructor(project: ThrowawayProject, secrets: Record<string, string>, replaced: Record<string, string>) {
    this.project = project;
    this.secrets = secrets;
    this.replaced = replaced;
  }

  /**
   * Runs a job of the documented workflow.
   *
   * @param changed further variables, in place of what the workflow sets
   * @returns what its steps printed, and the status of the first one that failed
   */
  async run(job: "preview" | "up", changed: Record<string, string> = {}): Promise<Ran> {
    const workflow = await readWorkflow();
    const { env, steps } = workflow.jobs[job]!;
    const result: Ran = { status: 0, stdout: "", all: "" };
    for (const step of steps.filter(({ run, env: own }) => run !== undefined && own?.GH_TOKEN === undefined)) {
      if (result.status !== 0 && !step.if?.includes("!cancelled()")) continue;
      const variables = { ...workflow.env, ...this.replaced, ...env, ...step.env };
      const ran = await this.step(step.run!, { ...runnersOwn, ...this.withSecrets(variables), ...changed });
      result.all += `${ran.all}\n`;
      result.stdout += `${ran.stdout}\n`;
      if (result.status === 0) result.status = ran.status;
    }
    return result;
  }

  /** The variables that a job has, for commands that the workflow does not run. */
  async variables(): Promise<Record<string, string>> {
    const { env, jobs } = await readWorkflow();
    return this.withSecrets({ ...env, ...this.replaced, ...jobs.up!.env });
  }

  private async step(script: string, env: Record<string, string>): Promise<Ran> {
    try {
      return await this.project.shell(`set -o pipefail\n${script}`, env);
    } catch (error) {
      if (!(error instanceof ExecaError)) throw error;
      return { status: error.exitCode ?? 1, stdout: String(error.stdout), all: String(error.all) };
    }
  }

  private withSecrets(env: Record<string, string>): Record<string, string> {
    const filled = Object.entries(env).map(([name, value]) => [
      name,
      value.replace(/\$\{\{ secrets\.(\w+) \}\}/g, (_match, secret: string) => this.secrets[secret] ?? ""),
    ]);
    return Object.fromEntries(filled) as Record<string, string>;
  }
}
