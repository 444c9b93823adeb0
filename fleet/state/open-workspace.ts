import { LocalWorkspace } from "@pulumi/pulumi/automation/index.js";
import { projectFolder } from "../setup/folders.ts";
import { localStackNames } from "./backend-files.ts";
import { pulumiCommand } from "./pulumi-command.ts";

/**
 * The project as the Automation API sees it. Opening a stack there does not select it, as the Automation API would: which
 * stack is selected is the user's choice, made in a shell with `pulumi stack select`.
 */
export async function openWorkspace(): Promise<LocalWorkspace> {
  const { command, run } = await pulumiCommand();
  const workspace = await LocalWorkspace.create({ workDir: projectFolder, pulumiCommand: command });
  workspace.selectStack = async (name) => {
    const { name: project } = await workspace.projectSettings();
    if ((await localStackNames(project))?.includes(name)) return;
    // It fails when there is no such stack, which is all that is asked.
    await run(["stack", "--stack", name, "--show-name"], projectFolder, {});
  };
  workspace.createStack = async (name) => {
    // Pulumi looks for it in the file of a stack that exists, and not yet when it makes one.
    const { secretsProvider } = await workspace.stackSettings(name).catch(() => ({ secretsProvider: undefined }));
    const provider = secretsProvider === undefined ? [] : ["--secrets-provider", secretsProvider];
    await run(["stack", "init", name, "--no-select", ...provider], projectFolder, {});
  };
  return workspace;
}
