import type { OutputMap, Stack } from "@pulumi/pulumi/automation/index.js";
import { withoutUndefined } from "../../host/without-undefined.ts";
import { type StackOutputs, stackOutputs } from "../../stacks/outputs.ts";
import { kubeconfigFile } from "./secret-kubeconfigs.ts";
import { openStack, stackNames } from "./workspace.ts";

/** A stack's outputs; undefined when it is not up. */
export const readOutputs = async (stack: Stack): Promise<StackOutputs | undefined> =>
  parseOutputs(stack.name, await stack.outputs());

/** The outputs that Pulumi returned; undefined when they are not those of a stack that is up. */
export function parseOutputs(stack: string, outputs: OutputMap): StackOutputs | undefined {
  const values = Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value as unknown]));
  const { data } = stackOutputs.safeParse(values);
  return data && withoutUndefined({ ...data, kubeconfig: kubeconfigFile(stack, data.kubeconfig) });
}

/** The outputs of every stack that is up, by name. */
export const outputsOfAll = async (): Promise<Map<string, StackOutputs>> => outputsOfKnown(await stackNames());

/** The outputs of those of the stacks that are up, by name. */
export async function outputsOf(names: readonly string[]): Promise<Map<string, StackOutputs>> {
  if (names.length === 0) return new Map();
  const known = await stackNames();
  return outputsOfKnown(names.filter((name) => known.includes(name)));
}

async function outputsOfKnown(names: readonly string[]): Promise<Map<string, StackOutputs>> {
  const all = new Map<string, StackOutputs>();
  for (const name of names) {
    const outputs = await readOutputs(await openStack(name));
    if (outputs !== undefined) all.set(name, outputs);
  }
  return all;
}
