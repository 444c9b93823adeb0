import { ensureEngine, ensureTools, ensureToolchain, reportTo } from "../toolchain/index.ts";
import { fleetEnvironment, prepareFolders, pulumiHome } from "./environment.ts";

/**
 * Gets ready what a command needs, and makes it this process's environment.
 *
 * @param needs `tools`: the command line tools; `engine`: a Docker engine, too; `clusters`: and the images
 * @returns the folder of the tools
 */
export async function start(needs: "tools" | "engine" | "clusters"): Promise<{ bin: string }> {
  await prepareFolders();
  const options = { home: pulumiHome, report: reportTo(process.stderr) };
  const tools = needs === "clusters" ? await ensureToolchain(options) : await ensureTools(options);
  if (needs === "engine") await ensureEngine(options);
  Object.assign(process.env, fleetEnvironment(tools.bin));
  return tools;
}
