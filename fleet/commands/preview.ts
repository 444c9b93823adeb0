import { root } from "../setup/environment.ts";
import { UserError } from "../user-error.ts";
import { staleness, standingStacks } from "./links.ts";
import { planOrder, readStacks } from "../../config/read-stacks.ts";
import { start } from "../setup/prepare.ts";
import { Diagnostics, makeStacks, openStack } from "../state/workspace.ts";

/** `npm run preview`: what `npm run up` would change; nothing needs to be up. */
export async function preview(wanted: readonly string[]): Promise<void> {
  const files = await readStacks(root);
  const { order } = planOrder(files, wanted);
  await start("tools");
  const peers = order
    .flatMap((stack) => files.configs.get(stack)?.peers ?? [])
    .flatMap(({ localStack }) => localStack ?? []);
  await makeStacks([...new Set([...order, ...peers])]);
  const failures: string[] = [];
  for (const stackName of order) {
    console.log(`\n=== ${stackName} ===`);
    const diagnostics = new Diagnostics();
    try {
      const stack = await openStack(stackName);
      await stack.preview(diagnostics.options);
    } catch (failure) {
      failures.push(`${stackName} failed: ${diagnostics.explain(failure)}`);
    }
  }
  for (const line of await stale(files.project)) console.log(line);
  if (failures.length > 0) throw new UserError(failures.join("\n"));
}

/** The links that an update would move, since their peer has moved. */
async function stale(project: string): Promise<string[]> {
  const standing = await standingStacks();
  return [...standing].flatMap(([stack, outputs]) =>
    staleness(stack, outputs, standing, project).map(({ message }) => message),
  );
}
