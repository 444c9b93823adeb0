import { join } from "node:path";
import type { Platform } from "../../versions.ts";
import { cacheEntry, fillEntry, isCached } from "../core/cache.ts";
import { contentKey } from "../core/content-key.ts";
import { inspectMachine, type Machine } from "../core/machine.ts";
import { reachable } from "../core/reachable.ts";
import type { Reporter } from "../core/reporter.ts";
import type { Step } from "../core/steps.ts";
import { ToolchainError } from "../core/toolchain-error.ts";
import { bundle, stepsToMake } from "../go/artifact.ts";
import { DownloadFailed, downloadInto } from "./download.ts";
import { findInstalled } from "./installed.ts";
import { isStamped, placeLink, placeOf, placeStandIn, stampHome } from "./pulumi-home.ts";
import { type Tool, tools } from "./tool-list.ts";
import { chooseToolSource, type ToolSource } from "./tool-source.ts";

/** How the tools are obtained. */
export interface ToolPlan {
  steps: Step[];
  /** Puts the tools into the home, after all steps. */
  finish(): Promise<void>;
}

interface SourcedTool {
  tool: Tool;
  source: ToolSource;
}

/**
 * Plans how to get the tools.
 *
 * @param home the folder that becomes PULUMI_HOME
 * @returns undefined when the home has all tools already
 * @throws ToolchainError when a tool can't be had on this machine; the message says what to install
 */
export async function planTools(home: string, report: Reporter): Promise<ToolPlan | undefined> {
  const wanted = tools();
  if (await isStamped(home, wanted)) return undefined;
  const machine = inspectMachine();
  const sourced = await Promise.all(wanted.map(async (tool) => ({ tool, source: await sourceOf(tool, machine) })));
  refuseMissing(sourced);
  return {
    steps: sourced.flatMap(({ tool, source }) => stepsFor(tool, source, machine, report)),
    finish: async () => {
      for (const { tool, source } of sourced) await place(home, tool, source);
      await stampHome(home, wanted);
    },
  };
}

async function sourceOf(tool: Tool, machine: Machine): Promise<ToolSource> {
  const { name, version, artifacts } = tool;
  const installed = await findInstalled(tool);
  const downloaded = isCached(downloadEntry(tool));
  const built = artifacts.length > 0 && artifacts.every(({ entry }) => isCached(entry));
  const platform = platformOf(machine);
  const url = platform && tool.download(platform).url;
  const atHand = installed !== undefined || downloaded || built;
  const facts = {
    name,
    version,
    installed,
    downloaded,
    built,
    url,
    reachable: !atHand && url !== undefined && (await reachable(url)),
    otherwise: artifacts.length > 0 ? ("build" as const) : ("stand-in" as const),
  };
  return chooseToolSource(facts, machine);
}

function refuseMissing(sourced: readonly SourcedTool[]): void {
  const reasons = sourced.flatMap(({ source }) => (source.from === "nowhere" ? [source.why] : []));
  if (reasons.length === 0) return;
  throw new ToolchainError(`Some tools can't be had:\n${reasons.map((why) => `- ${why}`).join("\n")}`);
}

const systems: Partial<Record<NodeJS.Platform, "linux" | "darwin">> = { linux: "linux", darwin: "darwin" };
const processors: Partial<Record<NodeJS.Architecture, "amd64" | "arm64">> = { x64: "amd64", arm64: "arm64" };

/** The machine's platform as the downloads name it; undefined where nothing is published for it. */
export function platformOf(machine: Pick<Machine, "platform" | "arch">): Platform | undefined {
  const system = systems[machine.platform];
  const processor = processors[machine.arch];
  return system && processor && `${system}-${processor}`;
}

function downloadEntry({ name, version }: Tool): string {
  return cacheEntry(name, version, contentKey("download", name, version, process.platform, process.arch));
}

function stepsFor(tool: Tool, source: ToolSource, machine: Machine, report: Reporter): Step[] {
  if (source.from === "build") return stepsToMake(tool.artifacts, machine.go);
  if (source.from !== "download" || isCached(downloadEntry(tool))) return [];
  return [{ name: tool.name, doing: "downloading", run: (log) => download(tool, machine, log, report) }];
}

async function download(tool: Tool, machine: Machine, log: string, report: Reporter): Promise<void> {
  const published = tool.download(platformOf(machine) as Platform);
  try {
    await fillEntry(downloadEntry(tool), (folder) => downloadInto(folder, tool.name, published, log));
  } catch (error) {
    if (!(error instanceof DownloadFailed)) throw error;
    report.say(`${error.message} Making it here instead.`);
    for (const step of stepsToMake(tool.artifacts, machine.go)) await step.run(log);
  }
}

/** Puts a tool's executables where the shell and Pulumi look for them. */
async function place(home: string, tool: Tool, source: ToolSource): Promise<void> {
  const folder = await folderOf(tool, source);
  for (const executable of tool.executables) {
    const path = placeOf(home, tool, executable);
    if (folder === undefined) await placeStandIn(path);
    else await placeLink(join(folder, executable), path);
  }
}

/**
 * The folder of a tool's executables; undefined for the one that has a stand-in. Looks at what the cache has, since
 * the tool may have been built after its download failed.
 */
async function folderOf(tool: Tool, source: ToolSource): Promise<string | undefined> {
  if (source.from === "installed") return source.folder;
  if (isCached(downloadEntry(tool))) return downloadEntry(tool);
  if (tool.artifacts.length === 0) return undefined;
  return bundle(tool.name, tool.version, tool.artifacts);
}
