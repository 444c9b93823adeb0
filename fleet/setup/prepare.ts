import { ensureEngine, ensureTools, ensureToolchain, reportTo, socketOfContext } from "../../toolchain/ensure.ts";
import { type FleetEnvironment, fleetEnvironment, prepareFolders, pulumiHome } from "./environment.ts";

/**
 * Gets ready what a command needs, and makes it this process's environment.
 *
 * @param needs `tools`: the command line tools; `engine`: a Docker engine, too; `clusters`: and the images
 * @returns what it added to the environment
 */
export async function start(needs: "tools" | "engine" | "clusters"): Promise<FleetEnvironment> {
  await prepareFolders();
  const options = { home: pulumiHome, report: reportTo(process.stderr) };
  const tools = needs === "clusters" ? await ensureToolchain(options) : await ensureTools(options);
  if (needs === "engine") await ensureEngine(options);
  const environment = fleetEnvironment(tools.bin, process.env, await socketOfContext());
  Object.assign(process.env, environment);
  return environment;
}
