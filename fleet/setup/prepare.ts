import { madeHere } from "../../config/cluster-config.ts";
import type { StackFiles } from "../../config/read-stacks.ts";
import type { StackConfig } from "../../config/stack-config.ts";
import { withoutOtherSettings } from "../../host/other-settings.ts";
import { kubeconfigProblem } from "../../infra/kind/kubeconfig.ts";
import {
  ensureEngine,
  ensureToolchain,
  ensureTools,
  reportTo,
  socketOfContext,
  type Tools,
} from "../../toolchain/index.ts";
import { UserError } from "../user-error.ts";
import { refuseFarEngine, refuseRemoteAddress } from "./engine-location.ts";
import { type FleetEnvironment, fleetEnvironment, wholePaths } from "./environment.ts";
import { prepareFolders, projectFolder, pulumiHome } from "./folders.ts";
import { isLocalBackend } from "./local-backend.ts";
import { opensSalts, readLocalPassphrase, refusePublicSecrets } from "./local-passphrase.ts";
import { keepSaltsOut, readStackFileTexts, type StackFileTexts } from "./stack-file-texts.ts";

/**
 * What a command needs: the command line tools; also a running Docker engine; also the images that stacks are made of;
 * also those that clusters are made of.
 */
export type Needs = "tools" | "engine" | "stacks" | "clusters";

/** What bringing stacks up needs: clusters that others made are not made of anything here. */
export const needsOf = (stacks: readonly string[], { configs }: Pick<StackFiles, "configs">): Needs =>
  stacks.every((stack) => madeElsewhere(configs.get(stack))) ? "stacks" : "clusters";

const madeElsewhere = (config: StackConfig | undefined): boolean =>
  config !== undefined && madeHere(config.cluster) === undefined;

/**
 * Prepares what a command needs: sets other tools' settings aside, and adds the fleet's variables to this process's
 * environment.
 *
 * @returns what was added to the environment
 * @throws UserError when clusters can't work here, before anything is changed
 * @throws ToolchainError
 */
export async function prepare(needs: Needs): Promise<FleetEnvironment> {
  return (await prepareWithTools(needs)).environment;
}

/** Like {@link prepare}, and says where the tools are. */
export async function prepareWithTools(needs: Needs): Promise<{ tools: Tools; environment: FleetEnvironment }> {
  setAsideOtherSettings();
  await prepareFolders();
  const bringsUp = needs === "clusters" || needs === "stacks";
  const isEngineNear = bringsUp && (await refuseUnusable(needs));
  const options = { home: pulumiHome, report: reportTo(process.stderr) };
  const tools = bringsUp
    ? await ensureToolchain({ ...options, makesClusters: needs === "clusters" })
    : await ensureTools(options);
  if (needs === "engine") await ensureEngine(options);
  const files = readStackFileTexts(projectFolder);
  keepSaltsOut(projectFolder, files);
  const environment = fleetEnvironment(tools.bin, process.env, {
    dockerHost: await socketOfContext(),
    ...(await passphraseFacts(files)),
  });
  if (bringsUp) refusePublicSecrets(files, environment.PULUMI_CONFIG_PASSPHRASE);
  Object.assign(process.env, environment);
  if (bringsUp && !isEngineNear) await refuseFarEngine();
  return { tools, environment };
}

function setAsideOtherSettings(): void {
  const { env, setAside } = withoutOtherSettings(process.env);
  for (const name of Object.keys(process.env)) if (!(name in env)) Reflect.deleteProperty(process.env, name);
  if (setAside.length > 0) console.error(`Set aside, since it would change what is done here: ${setAside.join(", ")}.`);
  // npm says where the user was; it runs scripts in the project's folder.
  Object.assign(process.env, wholePaths(process.env.INIT_CWD ?? process.cwd(), process.env));
}

/** @returns whether it is certain by now that the engine is on this machine: an engine may answer only later */
async function refuseUnusable(needs: Needs): Promise<boolean> {
  await refuseRemoteAddress();
  const isEngineNear = await refuseFarEngine({ mayTry: false });
  // Only the contexts of clusters that are made here are written into it.
  const problem = needs === "clusters" ? await kubeconfigProblem() : undefined;
  if (problem !== undefined) throw new UserError(problem);
  return isEngineNear;
}

/**
 * The local state's passphrase, and whether one in a file of the user's, perhaps for other projects, is of no use: that
 * takes a moment to find out.
 */
async function passphraseFacts(files: StackFileTexts) {
  const { PULUMI_CONFIG_PASSPHRASE: set, PULUMI_CONFIG_PASSPHRASE_FILE: file } = process.env;
  const mayMake = isLocalBackend() && set === undefined && !file;
  const passphrase = await readLocalPassphrase(files, { mayMake });
  const mayBeOther = isLocalBackend() && Boolean(file) && passphrase !== undefined;
  return { passphrase, isLocalPassphrase: mayBeOther && (await opensSalts(passphrase, files)) };
}
