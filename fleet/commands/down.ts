import { rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { deleteOwnCluster } from "../../infra/kind/lifecycle.ts";
import { localStackName } from "../../config/stack-name.ts";
import { localBackend, root } from "../setup/environment.ts";
import { UserError } from "../user-error.ts";
import { dependents } from "../state/order.ts";
import { readOutputs } from "../state/read-outputs.ts";
import { readStacks, type StackFiles } from "../../config/read-stacks.ts";
import { start } from "../setup/prepare.ts";
import { Diagnostics, openStack, removeStack, stackNames } from "../state/workspace.ts";

/** What `npm run down` is told. */
export interface DownCommand {
  /** Takes a stack away though another one that is up refers to it. */
  force: boolean;
  /** Once it is given, no other stack is begun. */
  signal: AbortSignal;
}

/**
 * `npm run down`: destroys stacks, each before those that it refers to, and forgets them.
 *
 * @param wanted stack names. @default every stack that the backend knows
 * @throws UserError when a stack that stays refers to one that would go, or a stack could not be destroyed
 */
export async function down(wanted: readonly string[], { force, signal }: DownCommand): Promise<void> {
  const files = await readStacks(root);
  await start("engine");
  const known = await stackNames();
  const unknown = wanted.filter(
    (name) => !known.includes(name) && !files.configs.has(name) && !files.mistakes.has(name),
  );
  if (unknown.length > 0)
    throw new UserError(
      `Unknown stack ${unknown.join(", ")}. Known stacks: ${[...new Set([...known, ...files.configs.keys()])].join(", ")}.`,
    );
  const going = (wanted.length > 0 ? wanted : known).filter((name) => known.includes(name));
  await refuseDangling(going, known, files, force);

  const failures = new Map<string, string>();
  for (const name of dependentsFirst(going, files)) {
    const held = force ? undefined : dependents(name, files.configs).find((dependent) => failures.has(dependent));
    if (signal.aborted || held !== undefined) {
      failures.set(
        name,
        `${name} was left as it is: ${held === undefined ? "interrupted" : `${held} refers to it, and is still up`}`,
      );
      continue;
    }
    console.log(`\n=== ${name} ===`);
    const diagnostics = new Diagnostics();
    try {
      const stack = await openStack(name);
      await stack.destroy(diagnostics.options);
      // Pulumi knows nothing of a cluster whose creation was cut short.
      const cluster = files.configs.get(name)?.cluster.name;
      if (cluster !== undefined) await deleteOwnCluster(cluster, `${files.project}/${name}`);
      await removeStack(stack);
      await forgetHistory(files.project, name);
    } catch (failure) {
      failures.set(name, `${name} failed: ${diagnostics.explain(failure)}`);
    }
  }
  if (failures.size > 0) throw new UserError([...failures.values()].join("\n"));
  await removeEmptyNetwork();
  console.log(going.length > 0 ? `\nGone: ${going.join(", ")}.` : "Nothing is up.");
}

/** A stack that is up and stays would hold an alias to nothing. What it was brought up with counts, not its file. */
async function refuseDangling(
  going: readonly string[],
  known: readonly string[],
  { project }: StackFiles,
  force: boolean,
): Promise<void> {
  if (going.length === 0) return;
  for (const dependent of known.filter((name) => !going.includes(name))) {
    const outputs = await readOutputs(await openStack(dependent));
    for (const name of going) {
      const links =
        outputs?.peers.filter(
          ({ url, stack }) => url !== undefined && stack !== undefined && localStackName(stack, project) === name,
        ) ?? [];
      if (links.length === 0) continue;
      const broken = links.map(({ alias, namespace }) => `http://${alias}.${namespace}`).join(", ");
      if (!force)
        throw new UserError(
          `${dependent} is up and refers to ${name} (${broken}). Take both down: npm run down -- ${dependent} ${name}, or add --force, which breaks ${broken}`,
        );
      console.log(`--force: ${broken} in ${dependent} will lead nowhere until ${name} is up again.`);
    }
  }
}

/** Every stack before those that it refers to; in a circle, as it comes. */
function dependentsFirst(names: readonly string[], { configs }: StackFiles): string[] {
  const order: string[] = [];
  const visit = (name: string, path: readonly string[]): void => {
    if (order.includes(name) || path.includes(name)) return;
    for (const dependent of dependents(name, configs)) if (names.includes(dependent)) visit(dependent, [...path, name]);
    order.push(name);
  };
  for (const name of names) visit(name, []);
  return order;
}

/** Pulumi's file backend keeps backups of a stack that it has forgotten. */
async function forgetHistory(project: string, stack: string): Promise<void> {
  if (process.env.PULUMI_BACKEND_URL !== localBackend) return;
  const state = join(fileURLToPath(localBackend), ".pulumi");
  for (const kind of ["backups", "history", "locks/organization"])
    await rm(join(state, kind, project, stack), { recursive: true, force: true });
  for (const end of ["bak", "bak.attrs"])
    await rm(join(state, "stacks", project, `${stack}.json.${end}`), { force: true });
}

/** The nodes' network is kind's; once nothing is on it, it is of no use to anyone, and kind makes it again. */
async function removeEmptyNetwork(): Promise<void> {
  const { stdout } = await execa("docker", ["network", "inspect", "kind", "--format", "{{len .Containers}}"], {
    reject: false,
    timeout: 30_000,
  });
  const users = await execa("docker", ["ps", "--all", "--quiet", "--filter", "network=kind"], {
    reject: false,
    timeout: 30_000,
  });
  if (stdout === "0" && users.stdout === "")
    await execa("docker", ["network", "rm", "kind"], { reject: false, timeout: 30_000 });
}
