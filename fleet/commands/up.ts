import { UserError } from "../user-error.ts";
import { root } from "../setup/environment.ts";
import { proveStack, type Proof } from "../proof/prove.ts";
import { dependents } from "../state/order.ts";
import { planOrder, readStacks, type StackFiles } from "../../config/read-stacks.ts";
import { ensureContext } from "../../infra/kind/kubeconfig.ts";
import { start } from "../setup/prepare.ts";
import { type FleetOutputs, parseOutputs, readOutputs } from "../state/read-outputs.ts";
import { summary } from "./tables.ts";
import { Diagnostics, makeStacks, openStack } from "../state/workspace.ts";

/** What became of a stack. */
type Outcome = { outputs: FleetOutputs; proofs: Proof[]; changedUrl: boolean } | { failure: string };

/**
 * `npm run up`: brings stacks up, each after those that it refers to, and proves that they answer.
 *
 * @param signal once it is given, no other stack is begun
 * @throws UserError that names each stack that failed, and why
 */
export async function up(wanted: readonly string[], signal: AbortSignal): Promise<void> {
  const files = await readStacks(root);
  const { order, secondPass } = planOrder(files, wanted);
  await start("clusters");
  await makeStacks([...new Set([...order, ...referredTo(order, files)])]);

  const outcomes = new Map<string, Outcome>();
  for (const stack of [...order, ...secondPass]) {
    const obstacle = signal.aborted ? "interrupted" : obstacleOf(stack, files, outcomes);
    outcomes.set(stack, obstacle === undefined ? await upOne(stack, files) : { failure: `not tried: ${obstacle}` });
  }

  console.log(`\n${summary(outcomes)}`);
  for (const line of nowStale(order, outcomes, files)) console.log(line);
  const failures = [...outcomes].flatMap(([stack, outcome]) =>
    "failure" in outcome ? `${stack} failed: ${outcome.failure}` : unproved(stack, outcome.proofs),
  );
  if (failures.length > 0) throw new UserError(failures.join("\n"));
}

async function upOne(stackName: string, files: StackFiles): Promise<Outcome> {
  console.log(`\n=== ${stackName} ===`);
  const diagnostics = new Diagnostics();
  try {
    const stack = await openStack(stackName);
    const before = await readOutputs(stack);
    const { outputs: values } = await stack.up({ ...diagnostics.options, suppressOutputs: true });
    const outputs = parseOutputs(values);
    if (outputs === undefined) throw new Error("the stack has no outputs");
    await ensureContext(outputs.context);
    return {
      outputs,
      proofs: await proveStack(stackName, outputs, files),
      changedUrl: before !== undefined && before.exposedUrl !== outputs.exposedUrl,
    };
  } catch (failure) {
    return { failure: diagnostics.explain(failure) };
  }
}

/** The stacks of this project that some stacks' peers name. */
const referredTo = (stacks: readonly string[], { configs }: StackFiles): string[] =>
  stacks.flatMap((stack) => configs.get(stack)?.peers ?? []).flatMap(({ localStack }) => localStack ?? []);

/** Why a stack need not be tried: it can't do without a peer that failed. */
function obstacleOf(
  stack: string,
  { configs }: StackFiles,
  outcomes: ReadonlyMap<string, Outcome>,
): string | undefined {
  const needed =
    configs
      .get(stack)
      ?.peers.filter(({ whenAbsent }) => whenAbsent === "fail")
      .flatMap(({ localStack }) => localStack ?? []) ?? [];
  const missing = needed.find((peer) => "failure" in (outcomes.get(peer) ?? {}));
  return missing === undefined ? undefined : `it refers to ${missing}, which failed`;
}

const unproved = (stack: string, proofs: readonly Proof[]) =>
  proofs.flatMap((proof) =>
    proof.problem === undefined
      ? []
      : `${stack} is up, but ${proof.what} does not answer as it should: ${proof.problem}`,
  );

/** The stacks that were not brought up now, and still point at what a stack's URL was before. */
function nowStale(order: readonly string[], outcomes: ReadonlyMap<string, Outcome>, { configs }: StackFiles): string[] {
  return [...outcomes].flatMap(([stack, outcome]) => {
    if ("failure" in outcome || !outcome.changedUrl) return [];
    const stale = dependents(stack, configs).filter((name) => !order.includes(name));
    return stale.length === 0
      ? []
      : `${stack} is now at ${outcome.outputs.exposedUrl}. Update what refers to it: npm run up -- ${stale.join(" ")}`;
  });
}
