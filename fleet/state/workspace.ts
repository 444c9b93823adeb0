import { Stack } from "@pulumi/pulumi/automation/index.js";
import type { StackFiles } from "../../config/read-stacks.ts";
import { UserError } from "../user-error.ts";
import { asUserError } from "./as-user-error.ts";
import { localStackNames, releaseDeadLock } from "./backend-files.ts";
import { openWorkspace, seenStacks } from "./open-workspace.ts";
import { readStackOutputs } from "./read-resources.ts";
import { localPeers } from "./references.ts";

/** Opens a stack of the project, and creates it if the backend has none of that name. @throws UserError */
export async function openStack(stackName: string): Promise<Stack> {
  const stack = await asUserError(Stack.createOrSelect(stackName, await openWorkspace()));
  await releaseDeadLock(stack);
  // After each update the Automation API starts Pulumi three times, to ask for what the state says.
  stack.outputs = () => readStackOutputs(stack);
  stack.info = () => Promise.resolve(undefined);
  return stack;
}

/** Creates the stacks that the backend does not know. @throws UserError when Pulumi refuses */
export async function createStacks(names: readonly string[]): Promise<void> {
  const { own, others } = await listStacks();
  for (const name of names.filter((name) => !own.includes(name))) {
    const refusal = ambiguityOf(name, others);
    if (refusal !== undefined) throw new UserError(refusal);
    await openStack(name);
  }
}

/**
 * Creates stacks and those that their peers name, so that a reference to a stack that was never up finds one, without
 * outputs.
 */
export async function createStacksWithPeers(order: readonly string[], files: StackFiles): Promise<void> {
  await createStacks([...new Set([...order, ...localPeers(order, files)])]);
}

/** The project's stacks that the backend knows. */
export interface KnownStacks {
  /** Those that their plain name means: of a local state all, on Pulumi Cloud those of the default organization. */
  own: string[];
  /** Those of other organizations, as the backend names them: `acme/staging`. */
  others: string[];
}

/** The project's stacks that the backend knows. @throws UserError when Pulumi can't reach it */
export async function listStacks(): Promise<KnownStacks> {
  const workspace = await openWorkspace();
  const { name: project } = await workspace.projectSettings();
  const local = await localStackNames(project);
  const names = local ?? (await asUserError(workspace.listStacks())).map(({ name }) => name);
  if (local === undefined) for (const name of names) seenStacks.add(name);
  return { own: names.filter((name) => !name.includes("/")), others: names.filter((name) => name.includes("/")) };
}

/** The names of the project's own stacks; see {@link KnownStacks}. @throws UserError when Pulumi can't reach them */
export const stackNames = async (): Promise<string[]> => (await listStacks()).own;

/** Why a stack of that name is not created: other organizations have one, which may be meant. */
export function ambiguityOf(name: string, others: readonly string[]): string | undefined {
  const same = others.filter((other) => other.split("/").at(-1) === name);
  if (same.length === 0) return undefined;
  const organization = same[0]?.split("/")[0] ?? "";
  return (
    `The backend has ${same.join(", ")}, and no ${name} of your default organization. Go on with that one: ` +
    `pulumi org set-default ${organization}. Begin another one: pulumi stack init ${name}. ` +
    `Both work in a shell after: eval "$(npm run -s env)"`
  );
}

/**
 * Removes a stack from the backend, and keeps its file.
 *
 * @param options.force also one whose state still has resources. @default false
 */
export async function removeStack(stack: Stack, { force = false } = {}): Promise<void> {
  seenStacks.delete(stack.name);
  await stack.workspace.removeStack(stack.name, { preserveConfig: true, force });
}
