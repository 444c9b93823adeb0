import { ensureEngine, ensureToolchain, ensureTools, reportTo, socketOfContext } from "../../toolchain/index.ts";
import { type FleetEnvironment, fleetEnvironment } from "./environment.ts";
import { prepareFolders, pulumiHome } from "./folders.ts";

/**
 * Prepares what a command needs, and adds the fleet's variables to this process's environment.
 *
 * @param needs `tools`: the command line tools; `engine`: also a running Docker engine; `clusters`: also the images
 * @returns what was added to the environment
 */
export async function prepare(needs: "tools" | "engine" | "clusters"): Promise<FleetEnvironment> {
  await prepareFolders();
  const options = { home: pulumiHome, report: reportTo(process.stderr) };
  const tools = needs === "clusters" ? await ensureToolchain(options) : await ensureTools(options);
  if (needs === "engine") await ensureEngine(options);
  const environment = fleetEnvironment(tools.bin, process.env, await socketOfContext());
  Object.assign(process.env, environment);
  return environment;
}
