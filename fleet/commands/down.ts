import type { Stack } from "@pulumi/pulumi/automation/index.js";
import pLimit from "p-limit";
import { readStacks, type StackFiles } from "../../config/read-stacks.ts";
import { localStackName } from "../../config/stack-name.ts";
import { downCommand } from "../../config/wording.ts";
import { ClusterError, OtherClusterError } from "../../infra/existing/cluster-facts.ts";
import { deleteOwnCluster } from "../../infra/kind/lifecycle.ts";
import { removeEmptyNetwork } from "../../infra/kind/network.ts";
import { ask } from "../../infra/ownership/asked.ts";
import { placeHere } from "../../infra/ownership/place.ts";
import { registryName } from "../../infra/registry/registry-address.ts";
import { removeOwnRegistry } from "../../infra/registry/registry-container.ts";
import { forgetLastUp } from "../drift/last-up.ts";
import { recordedIn } from "../drift/recorded.ts";
import { projectFolder } from "../setup/folders.ts";
import { defaultParallel } from "../setup/parallel.ts";
import { prepare } from "../setup/prepare.ts";
import { linesOf, type StackLines } from "../setup/stack-lines.ts";
import { forgetHistory } from "../state/backend-files.ts";
import { warnOfBrokenFiles } from "../state/broken-files.ts";
import { Diagnostics } from "../state/diagnostics.ts";
import { type Examination, type Examined, examineStacks } from "../state/examine-stack.ts";
import { forgetHint, type Leftover, leftoversOf, remainingRefusals } from "../state/finding.ts";
import { readOutputs } from "../state/read-outputs.ts";
import { ownResource, readState } from "../state/read-resources.ts";
import { dependents, dependentsFirst } from "../state/references.ts";
import { sharePlugins } from "../state/shared-plugins.ts";
import { knowledgeIn } from "../state/stack-knowledge.ts";
import { surveyEngine } from "../state/survey.ts";
import { isLocked, unlockKubeconfigs } from "../state/secret-kubeconfigs.ts";
import { listStacks, openStack, removeStack } from "../state/workspace.ts";
import { UserError } from "../user-error.ts";

/** Options of `npm run down`. */
export interface DownCommandOptions {
  /** Also takes down a stack that another one, which stays up, refers to. */
  force: boolean;
  /** Also removes what another fleet of this product, or one whose state is lost, made under the stacks' names. */
  adopt: boolean;
  /** Forgets the stacks' states, and removes nothing that stands. */
  forget: boolean;
  /** How many stacks are worked on at once. @default as many as the machine can bear */
  parallel?: number;
  /** Once it is aborted, no other stack is begun. */
  signal: AbortSignal;
}

/** What became of a stack. `nothing`: there was nothing to remove. */
type Outcome = "gone" | "nothing" | { failure: string };

/**
 * `npm run down`: destroys stacks, all at once as far as the machine can bear that, and removes them from the backend.
 *
 * @param wanted stack names; if empty, every stack that has a file here
 * @throws UserError when a stack that stays refers to one that would go, a stack could not be destroyed, or its
 *   cluster is another's
 */
export async function down(wanted: readonly string[], options: DownCommandOptions): Promise<void> {
  const { force, adopt, forget, parallel = defaultParallel(), signal } = options;
  refuseUnnamed(wanted, options);
  ask({ adopt });
  const files = await readStacks(projectFolder);
  warnOfBrokenFiles(files);
  await prepare("engine");
  const { own, others } = await listStacks();
  const known = [...own, ...others];
  const leftovers = await findLeftovers(files, own);
  refuseUnknown(wanted, [...known, ...leftovers.map(({ stack }) => stack)], files);
  const inFiles = [...files.configs.keys(), ...files.problems.keys()];
  const going = wanted.length > 0 ? [...new Set(wanted)] : inFiles;
  const isKnown = (name: string) => known.includes(name);
  await refuseBrokenLinks(going, own, files, force);

  await unlockKubeconfigs(going.filter(isKnown));
  const targets = await targetsOf(dependentsFirst(going, files), isKnown, leftovers);
  const examined = await examineStacks(targets, files);
  const refusals = new Map(
    targets.flatMap(({ name }) => {
      const refusal = forget ? undefined : refusalOf(name, examined.get(name), adopt);
      return refusal === undefined ? [] : [[name, refusal] as const];
    }),
  );
  // A stack that stays holds those that it refers to.
  const holderOf = (name: string): string | undefined =>
    force ? undefined : dependents(name, files.configs).find((other) => refusals.has(other) || held.has(other));
  const held = new Map<string, string>();
  for (const { name } of targets) {
    const holder = refusals.has(name) ? undefined : holderOf(name);
    if (holder !== undefined) held.set(name, `${name} was left as it is: ${holder} refers to it, and is still up`);
  }
  const linesFor = linesOf(targets.map(({ name }) => name));
  const limit = pLimit(parallel);
  const results = await Promise.all(
    targets.map(({ name, stack }) =>
      limit(async (): Promise<[string, Outcome]> => {
        const obstacle = refusals.get(name) ?? held.get(name);
        if (obstacle !== undefined) return [name, { failure: obstacle }];
        if (signal.aborted) return [name, { failure: `${name} was left as it is: interrupted` }];
        const examination = examined.get(name);
        if (examination === undefined) return [name, "nothing"];
        return [name, await downOne({ name, stack }, examination, linesFor(name), files, { adopt, forget })];
      }),
    ),
  );
  const outcomes = new Map(results);
  await removeEmptyNetwork();
  const failures = [...outcomes.values()].flatMap((outcome) => (typeof outcome === "object" ? outcome.failure : []));
  if (wanted.length === 0) {
    failures.push(...leftovers.filter(({ stack }) => !going.includes(stack)).map(({ message }) => message));
    const stay = known.filter((name) => !going.includes(name));
    if (stay.length > 0) console.log(`\nNo file here, so left as they are: ${stay.join(", ")}. ${byName(stay)}`);
  }
  const gone = [...outcomes].filter(([, outcome]) => outcome === "gone").map(([name]) => name);
  if (gone.length > 0) console.log(`\n${forget ? "Forgotten" : "Gone"}: ${gone.join(", ")}.`);
  if (failures.length > 0) throw new UserError(failures.join("\n"));
  if (gone.length === 0) console.log("Nothing is up.");
}

const byName = (stacks: readonly string[]) => `Take one down by its name: ${downCommand(stacks[0] ?? "")}`;

function refuseUnnamed(wanted: readonly string[], { adopt, forget }: DownCommandOptions): void {
  if (adopt && forget) throw new UserError("--adopt removes what stands, and --forget leaves it: choose one of them.");
  if (wanted.length > 0 || (!adopt && !forget)) return;
  const option = adopt ? "--adopt" : "--forget";
  throw new UserError(`${option} is for stacks that you name: ${downCommand("STACK", option)}`);
}

/** What fleets of this folder left whose state is gone. */
async function findLeftovers({ project }: StackFiles, own: readonly string[]): Promise<Leftover[]> {
  const us = { project, ...placeHere() };
  const survey = await surveyEngine([]);
  if (leftoversOf(us, survey, new Set()).length === 0) return [];
  const fleets = new Set<string>();
  for (const name of own) fleets.add(knowledgeIn(await readState(await openStack(name))).fleet ?? "");
  return leftoversOf(us, survey, fleets);
}

/** The stacks that go, with what the backend knows of them and what a lost state has left. */
const targetsOf = (
  going: readonly string[],
  isKnown: (name: string) => boolean,
  leftovers: readonly Leftover[],
): Promise<Examined[]> =>
  Promise.all(
    going.map(async (name) => ({
      name,
      stack: isKnown(name) ? await openStack(name) : undefined,
      clusters: leftovers.filter(({ stack }) => stack === name).map(({ cluster }) => cluster),
    })),
  );

/** Why a stack can't be taken down as it is; undefined when it can. */
function refusalOf(name: string, examination: Examination | undefined, adopt: boolean): string | undefined {
  if (examination === undefined) return undefined;
  const { known, finding } = examination;
  const refusals = remainingRefusals(finding.refusalsOfDown, finding, { adopt });
  if (refusals.length === 0) return undefined;
  const hint = known.isEmpty || finding.isElsewhere ? [] : [forgetHint(name)];
  return `${name}: ${[...refusals, ...hint].join("\n")}`;
}

async function downOne(
  { name, stack }: Examined,
  examined: Examination,
  lines: StackLines,
  files: StackFiles,
  { adopt, forget }: Pick<DownCommandOptions, "adopt" | "forget">,
): Promise<Outcome> {
  const diagnostics = new Diagnostics(lines);
  try {
    await forgetLastUp(name);
    if (forget) return await forgetOne(name, stack, examined, files);
    const { known, finding } = examined;
    let didAnything = false;
    const remove = async (clusters: readonly string[]) => {
      for (const cluster of clusters) {
        if (await removeLeft(name, cluster, examined, files, adopt)) didAnything = true;
      }
    };
    // Pulumi does not know what a killed command left half-made, nor what a lost state knew. That goes first: only the
    // state says that it is ours, and Pulumi may be killed once it has emptied the state.
    const isKnownToPulumi = (cluster: string) =>
      known.cluster?.name === cluster && known.cluster.incarnation !== undefined;
    await remove(finding.clusters.filter((cluster) => !isKnownToPulumi(cluster)));
    if (stack !== undefined && !known.isEmpty) {
      await refuseMovedCluster(name, stack);
      await sharePlugins(stack);
      await stack.destroy(diagnostics.options);
      didAnything = true;
    }
    await remove(finding.clusters.filter(isKnownToPulumi));
    if (stack !== undefined) await removeStack(stack, { force: known.isEmpty });
    await forgetHistory(files.project, name); // Also what a killed command has left of a stack that is gone.
    return didAnything ? "gone" : "nothing";
  } catch (error) {
    return { failure: `${name} failed: ${diagnostics.explain(error)}` };
  } finally {
    lines.end();
  }
}

/** @throws UserError when the stack's context leads to another cluster by now, or to none */
async function refuseMovedCluster(name: string, stack: Stack): Promise<void> {
  const { resources } = await readState(stack);
  const kubeconfig = ownResource(resources, "existing:Cluster")?.outputs?.kubeconfig;
  if (typeof kubeconfig === "string" && isLocked(kubeconfig)) return;
  try {
    await recordedIn(resources).cluster?.look();
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    throw new UserError(error instanceof OtherClusterError ? error.message : `${error.message}. ${forgetHint(name)}`);
  }
}

/** @returns whether there was anything */
async function removeLeft(
  stack: string,
  cluster: string,
  { known }: Examination,
  { project }: StackFiles,
  adopt: boolean,
): Promise<boolean> {
  const owner = { fleet: known.fleet ?? "", project, stack, ...placeHere() };
  const registry = registryName(cluster);
  const container = known.registry?.name === registry ? known.registry.container : undefined;
  const incarnation = known.cluster?.name === cluster ? known.cluster.incarnation : undefined;
  const [hadRegistry, hadCluster] = [
    await removeOwnRegistry(registry, { fleet: known.fleet, container }, adopt),
    await deleteOwnCluster(cluster, owner, { fleet: known.fleet, container: incarnation }),
  ];
  return hadRegistry || hadCluster;
}

/** Forgets a stack whose things are on another engine, or another fleet's by now. */
async function forgetOne(
  name: string,
  stack: Stack | undefined,
  { finding }: Examination,
  { project }: StackFiles,
): Promise<Outcome> {
  if (stack === undefined) return "nothing";
  if (finding.own.length > 0) {
    const things = finding.own.join(" and ");
    return { failure: `${name}: ${things} would be left without a state. Remove that instead: ${downCommand(name)}` };
  }
  await removeStack(stack, { force: true });
  await forgetHistory(project, name);
  return "gone";
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
