import { LocalWorkspace, type Stack } from "@pulumi/pulumi/automation/index.js";
import type { StackFiles } from "../../config/read-stacks.ts";
import { projectFolder } from "../setup/folders.ts";
import { UserError } from "../user-error.ts";
import { releaseDeadLock } from "./backend-files.ts";
import { userMessageOf } from "./diagnostics.ts";
import { localPeers } from "./order.ts";

/** Opens a stack of the project, and creates it if the backend has none of that name. @throws UserError */
export async function openStack(stackName: string): Promise<Stack> {
  const stack = await asUserError(LocalWorkspace.createOrSelectStack({ stackName, workDir: projectFolder }));
  await releaseDeadLock(stack);
  return stack;
}

/** Creates the stacks that the backend does not know. @throws UserError when Pulumi refuses */
export async function createStacks(names: readonly string[]): Promise<void> {
  const present = await stackNames();
  for (const name of names) if (!present.includes(name)) await openStack(name);
}

/**
 * Creates stacks and those that their peers name, so that a reference to a stack that was never up finds one, without
 * outputs.
 */
export async function createStacksWithPeers(order: readonly string[], files: StackFiles): Promise<void> {
  await createStacks([...new Set([...order, ...localPeers(order, files)])]);
}

/** The names of the project's stacks that the backend knows. @throws UserError when Pulumi can't reach it */
export async function stackNames(): Promise<string[]> {
  const workspace = await LocalWorkspace.create({ workDir: projectFolder });
  const stacks = await asUserError(workspace.listStacks());
  return stacks.map(({ name }) => name.split("/").at(-1) ?? name);
}

/** Removes a stack from the backend, and keeps its file. */
export async function removeStack(stack: Stack): Promise<void> {
  await stack.workspace.removeStack(stack.name, { preserveConfig: true });
}

async function asUserError<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    throw new UserError(userMessageOf(error));
  }
}
