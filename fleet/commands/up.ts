import type { OutputMap, Stack } from "@pulumi/pulumi/automation/index.js";
import pLimit from "p-limit";
import { readStacks, type StackFiles } from "../../config/read-stacks.ts";
import { bringUpTogether } from "../../config/together.ts";
import { accessFingerprint, ensureAccess } from "../../infra/cluster-access.ts";
import { OtherClusterError } from "../../infra/existing/cluster-facts.ts";
import { ask } from "../../infra/ownership/asked.ts";
import type { StackOutputs } from "../../stacks/outputs.ts";
import { images } from "../../versions.ts";
import { endAbandonedDevMode } from "../dev/deployments.ts";
import { bringUp, type BringUpOptions } from "../drift/bring-up.ts";
import { isNone } from "../drift/drift.ts";
import { driftOf, type Look } from "../drift/drift-of.ts";
import { forgetLastUp, type LastUp, readLastUp, writeLastUp } from "../drift/last-up.ts";
import { leftToOthers } from "../drift/left-to-others.ts";
import { isLostApiServer } from "../drift/lost-api-server.ts";
import { containersAreAsRecorded } from "../drift/own-resources.ts";
import { inputsOf, type Peers } from "../drift/stack-inputs.ts";
import { proveStack } from "../proof/prove-stack.ts";
import { diagnoseRollouts } from "../proof/rollout-diagnosis.ts";
import { staleDependents } from "../proof/stale-dependents.ts";
import { projectFolder } from "../setup/folders.ts";
import { defaultParallel } from "../setup/parallel.ts";
import { needsOf, prepare } from "../setup/prepare.ts";
import { refuseOverload } from "../setup/refuse-overload.ts";
import { linesOf, type StackLines } from "../setup/stack-lines.ts";
import { refuseUnreadableSecrets } from "../setup/unreadable-secrets.ts";
import { whileAccessible } from "../state/access-watch.ts";
import { warnOfBrokenFiles } from "../state/broken-files.ts";
import { chooseStacks } from "../state/chosen-stacks.ts";
import { accessInFile, targetInFile } from "../state/cluster-target.ts";
import { Diagnostics, userMessageOf } from "../state/diagnostics.ts";
import { examineStacks } from "../state/examine-stack.ts";
import { newerImages, remainingRefusals, type Survey } from "../state/finding.ts";
import { outputsOf, parseOutputs } from "../state/read-outputs.ts";
import { readState, type StackState } from "../state/read-resources.ts";
import { sharePlugins, startSharedPluginsFor } from "../state/shared-plugins.ts";
import { StackPrograms } from "../state/stack-program.ts";
import { pulumiCommand } from "../state/pulumi-command.ts";
import { knowledgeIn } from "../state/stack-knowledge.ts";
import { awaitedPeers, localPeers, withDependents } from "../state/references.ts";
import { unlockKubeconfigs } from "../state/secret-kubeconfigs.ts";
import { createStacksWithPeers, openStack } from "../state/workspace.ts";
import { UserError } from "../user-error.ts";
import { type StackResult, summary } from "./tables.ts";

/** Options of `npm run up`. */
export interface UpCommandOptions {
  /** Takes over what another fleet of this product made under the stacks' names. */
  adopt: boolean;
  /** Replaces clusters and registries that stand because there is a newer version of their images. */
  replace: boolean;
  /** Brings back what was deleted or changed since the last `up`. */
  heal: boolean;
  /** Has Pulumi compare everything, even if nothing has changed since the last `up`. @default false */
  full?: boolean;
  /** How many stacks are worked on at once. @default as many as the machine can bear */
  parallel?: number;
  /** Once it is aborted, no other stack is begun. */
  signal: AbortSignal;
}

/** A stack that is brought up. */
interface Candidate {
  name: string;
  stack: Stack;
  state: StackState;
  survey: Survey;
  lines: StackLines;
}

type Failure = { failure: string };

/**
 * `npm run up`: brings stacks up, all at once as far as the machine can bear that, and proves that they answer.
 *
 * What a stack's links lead to is known from the other stacks' files, so only the proof of a link waits for both ends.
 * Where a cluster itself has to tell its URL, the stacks that refer to it wait for it.
 *
 * @param wanted stack names; if empty, those of all stack files
 * @throws UserError that names each stack that failed, and why
 */
export async function up(
  wanted: readonly string[],
  { signal, parallel = defaultParallel(), ...options }: UpCommandOptions,
): Promise<void> {
  ask({ adopt: options.adopt, replace: options.replace });
  const files = await readStacks(projectFolder);
  const names = chooseStacks(files, wanted);
  if (wanted.length > 0) warnOfBrokenFiles(files, wanted);
  await prepare(needsOf(names, files));
  const early = findInputsEarly(names, files, options);
  // Pulumi is asked for its version, which takes a moment.
  await Promise.all([refuseOverload(names, files), refuseUnreadableSecrets(names), pulumiCommand()]);
  await createStacksWithPeers(names, files);
  await unlockKubeconfigs(names);

  const { candidates, failed } = await findCandidates(names, files, options);
  const together = candidates.map(({ name }) => name);
  bringUpTogether(together);
  const others = localPeers(together, files).filter((peer) => !together.includes(peer));
  const shared: Shared = {
    peers: { together, outputs: await outputsOf(others) },
    inputs: others.length === 0 && together.length === names.length ? early : new Map(),
    programs: new StackPrograms(),
  };
  const limit = pLimit(parallel);
  const deployments = new Map<string, Promise<StackOutputs | Failure>>();
  const deployInTurn = async (candidate: Candidate): Promise<StackOutputs | Failure> => {
    await Promise.all(awaitedPeers(candidate.name, together, files).map(async (peer) => deployments.get(peer)));
    return limit(() =>
      signal.aborted ? { failure: "not tried: interrupted" } : deployOne(candidate, files, shared, options),
    );
  };
  for (const candidate of candidates) {
    // Each begins once all are in the map.
    deployments.set(
      candidate.name,
      Promise.resolve().then(() => deployInTurn(candidate)),
    );
  }
  const results = await Promise.all(
    names.map(async (name) => {
      const failure = failed.get(name);
      const result = failure === undefined ? await proveOne(name, deployments, files) : { failure };
      return [name, result] as const;
    }),
  );

  console.log(`\n${summary(new Map(results))}`);
  for (const line of await staleDependents(names, files)) console.log(line);
  const failures = results.flatMap(([name, result]) => failuresOf(name, result));
  if (failures.length > 0) throw new UserError(failures.join("\n"));
}

/** The stacks that can be brought up, and why the others can't. */
async function findCandidates(
  names: readonly string[],
  files: StackFiles,
  { adopt, replace }: Pick<UpCommandOptions, "adopt" | "replace">,
): Promise<{ candidates: Candidate[]; failed: Map<string, string> }> {
  const failed = new Map<string, string>();
  const opened = await Promise.all(
    names.map(async (name) => {
      try {
        return [{ name, stack: await openStack(name) }];
      } catch (error) {
        failed.set(name, userMessageOf(error));
        return [];
      }
    }),
  );
  const examined = await examineStacks(opened.flat(), files);
  for (const [name, { finding }] of examined) {
    const refusals = remainingRefusals(finding.refusals, finding, { adopt });
    if (refusals.length > 0) failed.set(name, refusals.join("\n"));
  }
  const all = withDependents(names, failed, files);
  const linesFor = linesOf(names);
  const candidates = opened.flat().flatMap(({ name, stack }) => {
    const examination = examined.get(name);
    if (examination === undefined || all.has(name)) return [];
    const { state, known, finding, survey } = examination;
    const lines = linesFor(name);
    if (!replace) for (const line of newerImages(known, finding, images, name)) lines.say(line);
    return state === undefined ? [] : [{ name, stack, state, survey, lines }];
  });
  return { candidates, failed: all };
}

/** What the stacks that are brought up have in common. */
interface Shared {
  peers: Peers;
  /** What decides what is declared, by stack, as far as it is known already; see {@link inputsOf}. */
  inputs: ReadonlyMap<string, Promise<string | undefined>>;
  programs: StackPrograms;
}

/** Whether Pulumi is asked for, even if nothing has changed since the last `up`. */
const isPulumiAsked = ({ full = false, adopt, replace }: Pick<UpCommandOptions, "full" | "adopt" | "replace">) =>
  full || adopt || replace;

/**
 * Finds out what decides about the stacks, as if all of them were brought up together. Where that already tells that
 * Pulumi is needed, its plugins start meanwhile: they take a second.
 */
function findInputsEarly(
  names: readonly string[],
  files: StackFiles,
  options: Pick<UpCommandOptions, "full" | "adopt" | "replace">,
): Shared["inputs"] {
  const peers = { together: names, outputs: new Map<string, StackOutputs>() };
  const find = async (name: string): Promise<string | undefined> => {
    const last = isPulumiAsked(options) ? undefined : await readLastUp(name);
    if (last === undefined) startSharedPluginsFor(name);
    const config = files.configs.get(name);
    const inputs = config && (await inputsOf(config, files, peers, projectFolder).catch(() => undefined));
    if (inputs !== undefined && inputs !== last?.inputs) startSharedPluginsFor(name);
    return inputs;
  };
  return new Map(names.map((name) => [name, find(name)]));
}

/** Has Pulumi bring a stack up, unless nothing has changed since the last time. */
async function deployOne(
  candidate: Candidate,
  files: StackFiles,
  { peers, inputs, programs }: Shared,
  options: Omit<UpCommandOptions, "signal">,
): Promise<StackOutputs | Failure> {
  const { name, stack, state, lines } = candidate;
  const diagnostics = new Diagnostics(lines);
  try {
    const config = files.configs.get(name);
    const left = leftToOthers(config);
    const access = accessInFile(name, config);
    const lastUp = await readLastUp(name);
    const last = isPulumiAsked(options) ? undefined : lastUp;
    const findInputs = async (): Promise<string | undefined> => {
      const found = inputs.get(name) ?? (config && inputsOf(config, files, peers, projectFolder));
      const given = await found?.catch(() => undefined);
      if (given !== last?.inputs) startSharedPluginsFor(name);
      return given;
    };
    const [look, given] = await Promise.all([lookAfterDevMode(candidate, files), findInputs()]);
    const isSettled = last !== undefined && last.inputs === given && (await isAsLastBroughtUp(candidate, look, last));
    // Loads the program while the plugins start.
    const program = isSettled ? undefined : programs.of(name, config);
    if (!isSettled) await Promise.all([forgetLastUp(name), sharePlugins(stack)]);
    const how = {
      ...diagnostics.options,
      suppressOutputs: true,
      program,
      say: lines.say,
      heal: options.heal,
      left,
      access,
      look,
    };
    const namespaces = [...(config?.services ?? []), ...(config?.peers ?? [])].map(({ namespace }) => namespace);
    const bringUpWatched = () =>
      whileAccessible({ stack: name, target: access, namespaces }, (signal) =>
        bringUpInTwoTries(stack, { ...how, signal }, diagnostics),
      );
    const outputs = parseOutputs(name, isSettled ? await stack.outputs() : await bringUpWatched());
    if (outputs === undefined) throw new Error("the stack has no outputs");
    if (isSettled) lines.say("Nothing has changed since the last up.");
    const after = isSettled ? state : await readState(stack);
    const isSameCluster = incarnationIn(state) !== undefined && incarnationIn(state) === incarnationIn(after);
    const isKnown = isSameCluster && lastUp?.access === (await accessFingerprint(config?.cluster));
    if (!isKnown) await ensureAccess(config?.cluster);
    if (given !== undefined && !(isSettled && isKnown)) {
      const access = await accessFingerprint(config?.cluster);
      await writeLastUp(name, { inputs: given, state: after.version, access });
    }
    return outputs;
  } catch (error) {
    // Pods of the same names in another cluster explain nothing.
    const pods = error instanceof OtherClusterError ? [] : await failedPods(name, files);
    return { failure: [diagnostics.explain(error), ...pods].join("\n") };
  } finally {
    lines.end();
  }
}

/** Which cluster a state is of. */
const incarnationIn = (state: StackState): string | undefined => knowledgeIn(state).cluster?.incarnation;

/** Looks at what stands of a stack, without what an `npm run dev` that was killed has left in its cluster. */
async function lookAfterDevMode(candidate: Candidate, files: StackFiles): Promise<Look> {
  const { name, state } = candidate;
  const config = files.configs.get(name);
  const look = () => driftOf(state, leftToOthers(config), accessInFile(name, config));
  const [looked, wasAbandoned] = await Promise.all([look(), endDevModeOf(candidate, files)]);
  return wasAbandoned ? look() : looked;
}

/** Has Pulumi bring a stack up, and once more if the cluster's API server went away meanwhile. */
async function bringUpInTwoTries(stack: Stack, how: BringUpOptions, diagnostics: Diagnostics): Promise<OutputMap> {
  try {
    return (await bringUp(stack, how)).outputs;
  } catch (error) {
    if (!isLostApiServer(diagnostics.explain(error))) throw error;
    how.say("The cluster's API server went away meanwhile: waiting for it, and trying once more.");
    diagnostics.forget();
    const look = await driftOf(await readState(stack), how.left, how.access);
    return (await bringUp(stack, { ...how, look })).outputs;
  }
}

/** Whether a stack's state and what stands of it are as they were at the end of the last `up`. */
async function isAsLastBroughtUp({ state, survey }: Candidate, look: Look, last: LastUp): Promise<boolean> {
  if (last.state !== state.version || state.pendingOperations.length > 0) return false;
  return look.state === "looked" && isNone(look.drift) && containersAreAsRecorded(state.resources, survey);
}

/** Proves a stack once it, and those of the others that it refers to, have been brought up. */
async function proveOne(
  name: string,
  deployments: ReadonlyMap<string, Promise<StackOutputs | Failure>>,
  files: StackFiles,
): Promise<StackResult> {
  const outputs = await deployments.get(name);
  if (outputs === undefined || "failure" in outputs) return outputs ?? { failure: "not tried" };
  const peers = await Promise.all(
    localPeers([name], files).map(async (peer) => {
      const result = await deployments.get(peer);
      return result !== undefined && "failure" in result ? [peer] : [];
    }),
  );
  try {
    return { outputs, proofs: await proveStack(name, outputs, files, new Set(peers.flat())) };
  } catch (error) {
    return { failure: userMessageOf(error) };
  }
}

/** What the pods of a stack say that could not be brought up; nothing where there is no cluster, or they are ready. */
async function failedPods(stackName: string, { configs }: StackFiles): Promise<string[]> {
  const config = configs.get(stackName);
  if (config === undefined) return [];
  return diagnoseRollouts(targetInFile(stackName, config.cluster), config.services);
}

/** Ends what a killed `npm run dev` left in the stack's cluster. @returns whether there was anything */
async function endDevModeOf({ name, state, lines }: Candidate, { configs }: StackFiles): Promise<boolean> {
  const config = configs.get(name);
  if (config === undefined) return false;
  const { uid } = knowledgeIn(state);
  const abandoned = await endAbandonedDevMode(targetInFile(name, config.cluster), config.services, uid);
  if (abandoned.length > 0) lines.say(`Brought back from an npm run dev that was killed: ${abandoned.join(", ")}`);
  return abandoned.length > 0;
}

function failuresOf(stack: string, outcome: StackResult): string[] {
  if ("failure" in outcome) return [`${stack} failed: ${outcome.failure}`];
  return outcome.proofs.flatMap(({ what, problem }) =>
    problem === undefined ? [] : `${stack} is up, but ${what} does not answer as it should: ${problem}`,
  );
}
