import { LocalWorkspace, type StackSettings } from "@pulumi/pulumi/automation/index.js";
import { projectFolder } from "../setup/folders.ts";
import { localStackNames } from "./backend-files.ts";
import { pulumiCommand } from "./pulumi-command.ts";

/** The stacks that this process knows the backend to have: to ask a bucket once more takes a second. */
export const seenStacks = new Set<string>();

/**
 * The project as the Automation API sees it. Opening a stack there does not select it, as the Automation API would: which
 * stack is selected is the user's choice, made in a shell with `pulumi stack select`.
 */
export async function openWorkspace(): Promise<LocalWorkspace> {
  const { command, run } = await pulumiCommand();
  const workspace = await LocalWorkspace.create({ workDir: projectFolder, pulumiCommand: command });
  workspace.selectStack = async (name) => {
    const { name: project } = await workspace.projectSettings();
    if (seenStacks.has(name) || (await localStackNames(project))?.includes(name)) return;
    // It fails when there is no such stack, which is all that is asked.
    await run(["stack", "--stack", name, "--show-name"], projectFolder, {});
  };
  workspace.createStack = async (name) => {
    const settings = await workspace.stackSettings(name).catch(() => undefined); // It may have no file.
    await run(initArguments(name, settings), projectFolder, {});
  };
  return workspace;
}

/**
 * The arguments by which pulumi makes a stack. It looks for the secrets provider in the file of a stack that exists, and
 * not yet in that of one that it makes.
 */
export const initArguments = (name: string, settings?: StackSettings): string[] => {
  const provider = settings?.secretsProvider;
  return ["stack", "init", name, "--no-select", ...(provider ? ["--secrets-provider", provider] : [])];
};
