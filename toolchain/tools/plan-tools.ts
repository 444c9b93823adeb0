import { join } from "node:path";
import type { Platform } from "../../versions.ts";
import { cacheEntry, fillEntry, isCached } from "../core/cache.ts";
import { contentKey } from "../core/content-key.ts";
import { DownloadFailed } from "../core/fetch-file.ts";
import { inspectMachine, type Machine } from "../core/machine.ts";
import { megabytes } from "../core/progress.ts";
import { type Reachability, reachable } from "../core/reachable.ts";
import type { Reporter } from "../core/reporter.ts";
import type { Step } from "../core/steps.ts";
import { ToolchainError } from "../core/toolchain-error.ts";
import { bundle, stepsToMake } from "../go/artifact.ts";
import { missingGo } from "../go/required-go.ts";
import { downloadInto } from "./download.ts";
import { findInstalled } from "./installed.ts";
import { isStamped, placeLink, placeOf, placeStandIn, stampHome } from "./pulumi-home.ts";
import { type Tool, tools } from "./tool-list.ts";
import { chooseToolSource, type ToolSource } from "./tool-source.ts";

/** How the tools are obtained. */
export interface ToolPlan {
  steps: Step[];
  /** Why tools are made here that others download. */
  obstacles: string[];
  /** Puts the tools into the home, after all steps. */
  finish(): Promise<void>;
}

interface SourcedTool {
  tool: Tool;
  source: ToolSource;
  /** Of its download, where that was asked for. */
  reachability: Reachability | undefined;
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
  const sourced = await Promise.all(wanted.map((tool) => withSource(tool, machine)));
  refuseMissing(sourced);
  return {
    steps: sourced.flatMap((each) => stepsFor(each, machine, report)),
    obstacles: sourced.flatMap((each) => obstacleIn(each, machine)),
    finish: async () => {
      for (const { tool, source } of sourced) await place(home, tool, source);
      await stampHome(home, wanted);
    },
  };
}

async function withSource(tool: Tool, machine: Machine): Promise<SourcedTool> {
  const { name, version, artifacts } = tool;
  const installed = await findInstalled(tool);
  const downloaded = isCached(downloadEntry(tool));
  const built = artifacts.length > 0 && artifacts.every(({ entry }) => isCached(entry));
  const url = urlOf(tool, machine);
  const atHand = installed !== undefined || downloaded || built;
  const reachability = atHand || url === undefined ? undefined : await reachable(url);
  const facts = {
    name,
    version,
    installed,
    downloaded,
    built,
    url,
    unreachable: reachability?.reachable === false ? reachability.why : undefined,
    otherwise: artifacts.length > 0 ? ("build" as const) : ("stand-in" as const),
  };
  return { tool, source: chooseToolSource(facts, machine), reachability };
}

/** The URL of its download for this platform, if its project publishes one. */
function urlOf(tool: Tool, machine: Machine): string | undefined {
  const platform = platformOf(machine);
  return platform && tool.download(platform).url;
}

/** Why the tool is made here, if it is. */
function obstacleIn({ tool, reachability }: SourcedTool, machine: Machine): string[] {
  const url = urlOf(tool, machine);
  if (url === undefined || reachability === undefined || reachability.reachable) return [];
  return [`${new URL(url).origin} can't be used (${reachability.why})`];
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

function stepsFor({ tool, source, reachability }: SourcedTool, machine: Machine, report: Reporter): Step[] {
  if (source.from === "build") return stepsToMake(tool.artifacts, machine.go);
  if (source.from !== "download" || isCached(downloadEntry(tool))) return [];
  const bytes = reachability?.reachable === true ? reachability.bytes : undefined;
  return [
    {
      name: tool.name,
      doing: "downloading",
      bytes,
      run: (log, note) => download(tool, machine, log, note, report),
    },
  ];
}

async function download(
  tool: Tool,
  machine: Machine,
  log: string,
  note: (text: string) => void,
  report: Reporter,
): Promise<void> {
  const published = tool.download(platformOf(machine) as Platform);
  const onReceived = ({ bytes, ofBytes }: { bytes: number; ofBytes?: number }) => {
    note(ofBytes === undefined ? megabytes(bytes) : `${megabytes(bytes)} of ${megabytes(ofBytes)}`);
  };
  try {
    await fillEntry(downloadEntry(tool), (folder) => downloadInto(folder, tool.name, published, log, { onReceived }));
  } catch (error) {
    if (!(error instanceof DownloadFailed)) throw error;
    if (tool.artifacts.length === 0) {
      report.say(`${error.message} Its stand-in is used instead.`);
      return;
    }
    if (machine.go === undefined) throw new ToolchainError(`${error.message} ${missingGo(tool.name)}`);
    report.say(`${error.message} Making it here instead.`);
    for (const step of stepsToMake(tool.artifacts, machine.go)) await step.run(log, note);
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
