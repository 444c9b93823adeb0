import { readStacks, type StackFiles } from "../../config/read-stacks.ts";
import { contextName } from "../../infra/kind/cluster-spec.ts";
import { ensureKubeconfigContext } from "../../infra/kind/kubeconfig.ts";
import { ask } from "../../infra/ownership/asked.ts";
import { images } from "../../versions.ts";
import { endAbandonedDevMode } from "../dev/deployments.ts";
import { bringUp } from "../drift/bring-up.ts";
import { leftToOthers } from "../drift/left-to-others.ts";
import { proveStack } from "../proof/prove-stack.ts";
import { diagnoseRollouts } from "../proof/rollout-diagnosis.ts";
import { staleDependents } from "../proof/stale-dependents.ts";
import { projectFolder } from "../setup/folders.ts";
import { prepare } from "../setup/prepare.ts";
import { refuseOverload } from "../setup/refuse-overload.ts";
import { warnOfBrokenFiles } from "../state/broken-files.ts";
import { Diagnostics } from "../state/diagnostics.ts";
import { examineStack } from "../state/examine-stack.ts";
import { newerImages, remainingRefusals } from "../state/finding.ts";
import { planOrder } from "../state/order.ts";
import { parseOutputs } from "../state/read-outputs.ts";
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
  /** Once it is aborted, no other stack is begun. */
  signal: AbortSignal;
}

/**
 * `npm run up`: brings stacks up, each after those that it refers to, and proves that they answer.
 *
 * @param wanted stack names; if empty, those of all stack files
 * @throws UserError that names each stack that failed, and why
 */
export async function up(wanted: readonly string[], { signal, ...options }: UpCommandOptions): Promise<void> {
  ask({ adopt: options.adopt, replace: options.replace });
  const files = await readStacks(projectFolder);
  const { order, secondPass } = planOrder(files, wanted);
  if (wanted.length > 0) warnOfBrokenFiles(files, wanted);
  await prepare("clusters");
  await refuseOverload(order, files);
  await createStacksWithPeers(order, files);

  const outcomes = new Map<string, StackResult>();
  for (const stack of [...order, ...secondPass]) {
    const obstacle = signal.aborted ? "interrupted" : obstacleOf(stack, files, outcomes);
    outcomes.set(
      stack,
      obstacle === undefined ? await upOne(stack, files, options) : { failure: `not tried: ${obstacle}` },
    );
  }

  console.log(`\n${summary(outcomes)}`);
  for (const line of await staleDependents(order, files)) console.log(line);
  const failures = [...outcomes].flatMap(([stack, outcome]) => failuresOf(stack, outcome));
  if (failures.length > 0) throw new UserError(failures.join("\n"));
}

async function upOne(
  stackName: string,
  files: StackFiles,
  { adopt, replace, heal }: Omit<UpCommandOptions, "signal">,
): Promise<StackResult> {
  console.log(`\n=== ${stackName} ===`);
  const diagnostics = new Diagnostics();
  try {
    const stack = await openStack(stackName);
    const { known, finding } = await examineStack(stackName, files, stack);
    const refusals = remainingRefusals(finding.refusals, finding, { adopt });
    if (refusals.length > 0) return { failure: refusals.join("\n") };
    if (!replace) for (const line of newerImages(known, finding, images, stackName)) console.log(line);
    await endDevModeOf(stackName, files);
    const left = leftToOthers(files.configs.get(stackName));
    const { outputs: values } = await bringUp(stack, { ...diagnostics.options, suppressOutputs: true, heal, left });
    const outputs = parseOutputs(values);
    if (outputs === undefined) throw new Error("the stack has no outputs");
    await ensureKubeconfigContext(outputs.context);
    return { outputs, proofs: await proveStack(stackName, outputs, files) };
  } catch (error) {
    const pods = await failedPods(stackName, files);
    return { failure: [diagnostics.explain(error), ...pods].join("\n") };
  }
}

/** What the pods of a stack say that could not be brought up; nothing where there is no cluster, or they are ready. */
async function failedPods(stackName: string, { configs }: StackFiles): Promise<string[]> {
  const config = configs.get(stackName);
  if (config === undefined) return [];
  return diagnoseRollouts({ context: contextName(config.cluster.name) }, config.services);
}

/** Ends what a killed `npm run dev` left in the stack's cluster. */
async function endDevModeOf(stackName: string, { configs }: StackFiles): Promise<void> {
  const cluster = configs.get(stackName)?.cluster.name;
  const abandoned = cluster === undefined ? [] : await endAbandonedDevMode({ context: contextName(cluster) });
  if (abandoned.length > 0) console.log(`Brought back from an npm run dev that was killed: ${abandoned.join(", ")}`);
}

/** Why a stack need not be tried: it can't do without a peer that failed. */
function obstacleOf(
  stack: string,
  { configs }: StackFiles,
  outcomes: ReadonlyMap<string, StackResult>,
): string | undefined {
  const peers = configs.get(stack)?.peers.filter(({ whenAbsent }) => whenAbsent === "fail") ?? [];
  const needed = peers.flatMap(({ localStack }) => localStack ?? []);
  const failed = needed.find((peer) => "failure" in (outcomes.get(peer) ?? {}));
  return failed === undefined ? undefined : `it refers to ${failed}, which failed`;
}

function failuresOf(stack: string, outcome: StackResult): string[] {
  if ("failure" in outcome) return [`${stack} failed: ${outcome.failure}`];
  return outcome.proofs.flatMap(({ what, problem }) =>
    problem === undefined ? [] : `${stack} is up, but ${what} does not answer as it should: ${problem}`,
  );
}
