import { readBackendUrl } from "../../config/stack-files.ts";
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
import { preparePulumiLogs } from "./pulumi-logs.ts";
import { opensSalts, readLocalPassphrase, refusePublicSecrets } from "./local-passphrase.ts";
import { keepSaltsOut, readStackFileTexts, type StackFileTexts } from "./stack-file-texts.ts";

/**
 * What a command needs: the command line tools; also a running Docker engine; also the images that services are built
 * on; also those of clusters.
 */
export type Needs = "tools" | "engine" | "services" | "clusters";

/** What bringing stacks up needs: clusters that others made are not made of anything here. */
export const needsOf = (stacks: readonly string[], { configs }: Pick<StackFiles, "configs">): Needs =>
  stacks.every((stack) => madeElsewhere(configs.get(stack))) ? "services" : "clusters";

const madeElsewhere = (config: StackConfig | undefined): boolean =>
  config !== undefined && madeHere(config.cluster) === undefined;

/**
 * Prepares what a command needs: sets other tools' settings aside, and adds the fleet's variables to this process's
 * environment.
 *
 * @returns what was added to the environment
 * @throws UserError when clusters can't work here, before anything is changed
 * @throws StackFileError when `Pulumi.yaml` can't be read
 * @throws ToolchainError
 */
export async function prepare(needs: Needs): Promise<FleetEnvironment> {
  return (await prepareWithTools(needs)).environment;
}

/** Like {@link prepare}, and says where the tools are. */
export async function prepareWithTools(needs: Needs): Promise<{ tools: Tools; environment: FleetEnvironment }> {
  setAsideOtherSettings();
  await chooseBackend();
  await prepareFolders();
  await preparePulumiLogs(pulumiHome);
  const imagesFor = needs === "clusters" || needs === "services" ? needs : undefined;
  const isEngineNear = imagesFor !== undefined && (await refuseUnusable(imagesFor));
  const options = { home: pulumiHome, report: reportTo(process.stderr) };
  const tools = await (imagesFor === undefined ? ensureTools(options) : ensureToolchain({ ...options, imagesFor }));
  if (needs === "engine") await ensureEngine(options);
  const files = readStackFileTexts(projectFolder);
  keepSaltsOut(projectFolder, files);
  const environment = fleetEnvironment(tools.bin, process.env, {
    dockerHost: await socketOfContext(),
    ...(await passphraseFacts(files)),
  });
  if (imagesFor !== undefined) refusePublicSecrets(files, environment.PULUMI_CONFIG_PASSPHRASE);
  Object.assign(process.env, environment);
  if (imagesFor !== undefined && !isEngineNear) await refuseFarEngine();
  return { tools, environment };
}

function setAsideOtherSettings(): void {
  const { env, setAside } = withoutOtherSettings(process.env);
  for (const name of Object.keys(process.env)) if (!(name in env)) Reflect.deleteProperty(process.env, name);
  if (setAside.length > 0) console.error(`Set aside, since it would change what is done here: ${setAside.join(", ")}.`);
  // npm says where the user was; it runs scripts in the project's folder.
  Object.assign(process.env, wholePaths(process.env.INIT_CWD ?? process.cwd(), process.env));
}

/** The backend of the project holds for whoever names none; what `pulumi login` says, anywhere, does not count. */
async function chooseBackend(): Promise<void> {
  if (process.env.PULUMI_BACKEND_URL) return;
  const backend = await readBackendUrl(projectFolder);
  if (backend !== undefined) process.env.PULUMI_BACKEND_URL = backend;
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
