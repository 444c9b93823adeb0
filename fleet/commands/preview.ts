import { readStacks } from "../../config/read-stacks.ts";
import { unlessUnreachable } from "../../host/docker.ts";
import { ask } from "../../infra/ownership/asked.ts";
import { lookFor, undoingInPreview } from "../drift/bring-up.ts";
import { leftToOthers } from "../drift/left-to-others.ts";
import { staleLinks } from "../proof/stale-links.ts";
import { projectFolder } from "../setup/folders.ts";
import { prepare } from "../setup/prepare.ts";
import { refuseOverload } from "../setup/refuse-overload.ts";
import { warnOfBrokenFiles } from "../state/broken-files.ts";
import { Diagnostics } from "../state/diagnostics.ts";
import { examineStack } from "../state/examine-stack.ts";
import { remainingRefusals } from "../state/finding.ts";
import { planOrder } from "../state/order.ts";
import { outputsOfAll } from "../state/read-outputs.ts";
import { createStacksWithPeers, openStack } from "../state/workspace.ts";
import { UserError } from "../user-error.ts";

/** Options of `npm run preview`: as for `npm run up`. */
export interface PreviewCommandOptions {
  adopt: boolean;
  replace: boolean;
}

/**
 * `npm run preview`: shows what `npm run up` would change. Nothing needs to be up.
 *
 * @param wanted stack names; if empty, those of all stack files
 * @throws UserError that names each stack whose preview failed, and why
 */
export async function preview(wanted: readonly string[], { adopt, replace }: PreviewCommandOptions): Promise<void> {
  ask({ adopt, replace });
  const files = await readStacks(projectFolder);
  const { order } = planOrder(files, wanted);
  if (wanted.length > 0) warnOfBrokenFiles(files, wanted);
  await prepare("tools");
  await refuseOverload(order, files);
  await createStacksWithPeers(order, files);
  const failures: string[] = [];
  for (const stackName of order) {
    console.log(`\n=== ${stackName} ===`);
    const diagnostics = new Diagnostics();
    try {
      const stack = await openStack(stackName);
      const { finding } = (await unlessUnreachable(examineStack(stackName, files, stack))) ?? {};
      const refusals = finding === undefined ? [] : remainingRefusals(finding.refusals, finding, { adopt });
      if (refusals.length > 0) throw new UserError(refusals.join("\n"));
      const { drift } = await lookFor(stack, "previewing", leftToOthers(files.configs.get(stackName)));
      await stack.preview({ ...diagnostics.options, ...undoingInPreview(drift) });
    } catch (error) {
      failures.push(`${stackName} failed: ${diagnostics.explain(error)}`);
    }
  }
  const all = await outputsOfAll();
  for (const [stack, outputs] of all) {
    for (const { message } of staleLinks(stack, outputs, all, files.project)) console.log(message);
  }
  if (failures.length > 0) throw new UserError(failures.join("\n"));
}
