import { readStacks, type StackFiles } from "../../config/read-stacks.ts";
import { localStackName } from "../../config/stack-name.ts";
import { downCommand } from "../../config/wording.ts";
import { deleteOwnCluster } from "../../infra/kind/lifecycle.ts";
import { removeEmptyNetwork } from "../../infra/kind/network.ts";
import { ownerOf } from "../../infra/ownership/owner.ts";
import { projectFolder } from "../setup/folders.ts";
import { prepare } from "../setup/prepare.ts";
import { forgetHistory } from "../state/backend-files.ts";
import { Diagnostics } from "../state/diagnostics.ts";
import { dependents, dependentsFirst } from "../state/order.ts";
import { readOutputs } from "../state/read-outputs.ts";
import { openStack, removeStack, stackNames } from "../state/workspace.ts";
import { UserError } from "../user-error.ts";

/** Options of `npm run down`. */
export interface DownCommandOptions {
  /** Also takes down a stack that another one, which stays up, refers to. */
  force: boolean;
  /** Once it is aborted, no other stack is begun. */
  signal: AbortSignal;
}

/**
 * `npm run down`: destroys stacks, each before those that it refers to, and removes them from the backend.
 *
 * @param wanted stack names; if empty, every stack that the backend knows
 * @throws UserError when a stack that stays refers to one that would go, or a stack could not be destroyed
 */
export async function down(wanted: readonly string[], { force, signal }: DownCommandOptions): Promise<void> {
  const files = await readStacks(projectFolder);
  await prepare("engine");
  const known = await stackNames();
  refuseUnknown(wanted, known, files);
  const going = (wanted.length > 0 ? wanted : known).filter((name) => known.includes(name));
  await refuseBrokenLinks(going, known, files, force);

  const failures = new Map<string, string>();
  for (const name of dependentsFirst(going, files)) {
    const holder = force ? undefined : dependents(name, files.configs).find((dependent) => failures.has(dependent));
    if (signal.aborted || holder !== undefined) {
      const why = holder === undefined ? "interrupted" : `${holder} refers to it, and is still up`;
      failures.set(name, `${name} was left as it is: ${why}`);
      continue;
    }
    const failure = await downOne(name, files);
    if (failure !== undefined) failures.set(name, failure);
  }
  if (failures.size > 0) throw new UserError([...failures.values()].join("\n"));
  await removeEmptyNetwork();
  console.log(going.length > 0 ? `\nGone: ${going.join(", ")}.` : "Nothing is up.");
}

/** @returns why it failed; undefined when it did not */
async function downOne(stackName: string, { project, configs }: StackFiles): Promise<string | undefined> {
  console.log(`\n=== ${stackName} ===`);
  const diagnostics = new Diagnostics();
  try {
    const stack = await openStack(stackName);
    await stack.destroy(diagnostics.options);
    // Pulumi does not know a cluster whose creation was cut short.
    const cluster = configs.get(stackName)?.cluster.name;
    if (cluster !== undefined) await deleteOwnCluster(cluster, ownerOf(project, stackName));
    await removeStack(stack);
    await forgetHistory(project, stackName);
    return undefined;
  } catch (error) {
    return `${stackName} failed: ${diagnostics.explain(error)}`;
  }
}

function refuseUnknown(wanted: readonly string[], known: readonly string[], { configs, problems }: StackFiles): void {
  const unknown = wanted.filter((name) => !known.includes(name) && !configs.has(name) && !problems.has(name));
  if (unknown.length === 0) return;
  const all = [...new Set([...known, ...configs.keys()])];
  throw new UserError(`Unknown stack ${unknown.join(", ")}. Known stacks: ${all.join(", ")}.`);
}

/**
 * Refuses to leave a stack up whose alias would then lead nowhere, by what it was brought up with, not by what its file
 * says now.
 */
async function refuseBrokenLinks(
  going: readonly string[],
  known: readonly string[],
  { project }: StackFiles,
  force: boolean,
): Promise<void> {
  if (going.length === 0) return;
  for (const dependent of known.filter((name) => !going.includes(name))) {
    const outputs = await readOutputs(await openStack(dependent));
    for (const name of going) {
      const links = (outputs?.peers ?? []).filter(
        ({ url, stack }) => url !== undefined && stack !== undefined && localStackName(stack, project) === name,
      );
      if (links.length === 0) continue;
      const broken = links.map(({ alias, namespace }) => `http://${alias}.${namespace}`).join(", ");
      if (!force) {
        const remedy = `${downCommand(dependent, name)}, or add --force, which breaks ${broken}`;
        throw new UserError(`${dependent} is up and refers to ${name} (${broken}). Take both down: ${remedy}`);
      }
      console.log(`--force: ${broken} in ${dependent} will lead nowhere until ${name} is up again.`);
    }
  }
}
