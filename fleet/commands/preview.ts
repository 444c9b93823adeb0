import type { Stack } from "@pulumi/pulumi/automation/index.js";
import pLimit from "p-limit";
import { readStacks, type StackFiles } from "../../config/read-stacks.ts";
import { bringUpTogether } from "../../config/together.ts";
import { unlessUnreachable } from "../../host/docker.ts";
import { ask } from "../../infra/ownership/asked.ts";
import { describe, undoingInPreview } from "../drift/bring-up.ts";
import { driftOf } from "../drift/drift-of.ts";
import { leftToOthers } from "../drift/left-to-others.ts";
import { staleLinks } from "../proof/stale-links.ts";
import { projectFolder } from "../setup/folders.ts";
import { defaultParallel } from "../setup/parallel.ts";
import { prepare } from "../setup/prepare.ts";
import { refuseOverload } from "../setup/refuse-overload.ts";
import { linesOf } from "../setup/stack-lines.ts";
import { refuseUnreadableSecrets } from "../setup/unreadable-secrets.ts";
import { warnOfBrokenFiles } from "../state/broken-files.ts";
import { chooseStacks } from "../state/chosen-stacks.ts";
import { accessInFile } from "../state/cluster-target.ts";
import { Diagnostics } from "../state/diagnostics.ts";
import { type Examination, examineStacks } from "../state/examine-stack.ts";
import { remainingRefusals } from "../state/finding.ts";
import { outputsOfAll } from "../state/read-outputs.ts";
import { readState } from "../state/read-resources.ts";
import { sharePlugins } from "../state/shared-plugins.ts";
import { StackPrograms } from "../state/stack-program.ts";
import { pulumiCommand } from "../state/pulumi-command.ts";
import { unlockKubeconfigs } from "../state/secret-kubeconfigs.ts";
import { createStacksWithPeers, openStack } from "../state/workspace.ts";
import { UserError } from "../user-error.ts";

/** Options of `npm run preview`: as for `npm run up`. */
export interface PreviewCommandOptions {
  adopt: boolean;
  replace: boolean;
  parallel?: number;
}

/**
 * `npm run preview`: shows what `npm run up` would change. Nothing needs to be up.
 *
 * @param wanted stack names; if empty, those of all stack files
 * @throws UserError that names each stack whose preview failed, and why
 */
export async function preview(
  wanted: readonly string[],
  { adopt, replace, parallel = defaultParallel() }: PreviewCommandOptions,
): Promise<void> {
  ask({ adopt, replace });
  const files = await readStacks(projectFolder);
  const names = chooseStacks(files, wanted);
  if (wanted.length > 0) warnOfBrokenFiles(files, wanted);
  await prepare("tools");
  // Pulumi is asked for its version, which takes a moment.
  await Promise.all([refuseOverload(names, files), refuseUnreadableSecrets(names), pulumiCommand()]);
  await createStacksWithPeers(names, files);
  await unlockKubeconfigs(names);
  bringUpTogether(names);
  const stacks = await Promise.all(names.map(async (name) => ({ name, stack: await openStack(name) })));
  const examined = await unlessUnreachable(examineStacks(stacks, files));
  const limit = pLimit(parallel);
  const programs = new StackPrograms();
  const previews = stacks.map(({ name, stack }) =>
    limit(() => previewOne(name, stack, files, { ...examined?.get(name), adopt, programs })),
  );
  const failures: string[] = [];
  for (const running of previews) {
    const { text, failure } = await running;
    process.stdout.write(text);
    if (failure !== undefined) failures.push(failure);
  }
  const all = await outputsOfAll();
  for (const [stack, outputs] of all) {
    for (const { message } of staleLinks(stack, outputs, all, files.project)) console.log(message);
  }
  if (failures.length > 0) throw new UserError(failures.join("\n"));
}

/** @returns what it shows, and why it failed. @default it did not fail */
async function previewOne(
  name: string,
  stack: Stack,
  { configs }: StackFiles,
  { state, finding, adopt, programs }: Partial<Examination> & { adopt: boolean; programs: StackPrograms },
): Promise<{ text: string; failure?: string }> {
  let text = "";
  const lines = linesOf([name], (more) => (text += more))(name);
  const diagnostics = new Diagnostics(lines);
  try {
    const refusals = finding === undefined ? [] : remainingRefusals(finding.refusals, finding, { adopt });
    if (refusals.length > 0) throw new UserError(refusals.join("\n"));
    const config = configs.get(name);
    const access = accessInFile(name, config);
    // Loads the program while the plugins start.
    const program = programs.of(name, config);
    const look = driftOf(state ?? (await readState(stack)), leftToOthers(config), access);
    const [{ cluster, drift }] = await Promise.all([look, sharePlugins(stack)]);
    describe({ drift }, "previewing", lines.say);
    const options = { ...diagnostics.options, program };
    await stack.preview({ ...options, ...undoingInPreview(drift, cluster) });
    return { text };
  } catch (error) {
    return { text, failure: `${name} failed: ${diagnostics.explain(error)}` };
  }
}
