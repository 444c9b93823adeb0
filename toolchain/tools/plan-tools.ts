import { join } from "node:path";
import { cacheEntry, fillEntry, isCached } from "../core/cache.ts";
import { ToolchainError } from "../core/toolchain-error.ts";
import { contentKey } from "../core/content-key.ts";
import { inspectMachine } from "../core/machine.ts";
import type { Machine } from "../core/machine.ts";
import { reachable } from "../core/reachable.ts";
import type { Reporter } from "../core/reporter.ts";
import type { Step } from "../core/steps.ts";
import type { Platform } from "../../versions.ts";
import { bundle, stepsToMake } from "../go/artifact.ts";
import { choose } from "./tool-source.ts";
import type { Choice } from "./tool-source.ts";
import { DownloadFailed, downloadInto } from "./download.ts";
import { findPresent } from "./installed.ts";
import { isStamped, placeLink, placeOf, placeStandIn, stampHome } from "./pulumi-home.ts";
import { tools } from "./tool-list.ts";
import type { Tool } from "./tool-list.ts";

/** What is to be done, and what then makes it usable. */
export interface Plan {
  steps: Step[];
  finish(): Promise<void>;
}

interface Decision {
  tool: Tool;
  choice: Choice;
}

/** Decides where each tool comes from; undefined where the home has them all already. */
export async function planTools(home: string, report: Reporter): Promise<Plan | undefined> {
  const wanted = tools();
  if (await isStamped(home, wanted)) return undefined;
  const machine = inspectMachine();
  const decisions = await Promise.all(wanted.map((tool) => decide(tool, machine)));
  refuseMissing(decisions);
  return {
    steps: decisions.flatMap(({ tool, choice }) => stepsFor(tool, choice, machine, report)),
    finish: async () => {
      for (const { tool, choice } of decisions) await place(home, tool, choice);
      await stampHome(home, wanted);
    },
  };
}

async function decide(tool: Tool, machine: Machine): Promise<Decision> {
  const { name, version, artifacts } = tool;
  const present = await findPresent(tool);
  const downloaded = isCached(downloadEntry(tool));
  const built = artifacts.length > 0 && artifacts.every(({ entry }) => isCached(entry));
  const url = platformOf(machine) && tool.download(platformOf(machine) as Platform).url;
  const known = present !== undefined || downloaded || built;
  const answers = !known && url !== undefined && (await reachable(url));
  const otherwise = artifacts.length > 0 ? "build" : "stand-in";
  return {
    tool,
    choice: choose({ name, version, present, downloaded, built, url, reachable: answers, otherwise }, machine),
  };
}

function refuseMissing(decisions: readonly Decision[]): void {
  const reasons = decisions.flatMap(({ choice }) => (choice.from === "nowhere" ? [choice.why] : []));
  if (reasons.length > 0)
    throw new ToolchainError(`Some tools can't be had:\n${reasons.map((why) => `- ${why}`).join("\n")}`);
}

/** The platform, in the downloads' words; undefined where nothing is published for it. */
export function platformOf({ platform, arch }: Pick<Machine, "platform" | "arch">): Platform | undefined {
  const system = platform === "linux" || platform === "darwin" ? platform : undefined;
  const processor = arch === "x64" ? "amd64" : arch === "arm64" ? "arm64" : undefined;
  return system && processor && `${system}-${processor}`;
}

function downloadEntry({ name, version }: Tool): string {
  return cacheEntry(name, version, contentKey("download", name, version, process.platform, process.arch));
}

function stepsFor(tool: Tool, choice: Choice, machine: Machine, report: Reporter): Step[] {
  if (choice.from === "build") return stepsToMake(tool.artifacts, machine.go);
  if (choice.from !== "download" || isCached(downloadEntry(tool))) return [];
  return [{ name: tool.name, doing: "downloading", run: (log) => download(tool, machine, log, report) }];
}

async function download(tool: Tool, machine: Machine, log: string, report: Reporter): Promise<void> {
  const source = tool.download(platformOf(machine) as Platform);
  try {
    await fillEntry(downloadEntry(tool), (folder) => downloadInto(folder, tool.name, source, log));
  } catch (error) {
    if (!(error instanceof DownloadFailed)) throw error;
    report.say(`${error.message} Making it here instead.`);
    for (const step of stepsToMake(tool.artifacts, machine.go)) await step.run(log);
  }
}

/** Puts a tool's executables where the shell and Pulumi look. */
async function place(home: string, tool: Tool, choice: Choice): Promise<void> {
  const source = await folderOf(tool, choice);
  for (const executable of tool.executables) {
    const path = placeOf(home, tool, executable);
    if (source === undefined) await placeStandIn(path);
    else await placeLink(join(source, executable), path);
  }
}

/** Where a tool's executables are now; a download may have turned out to fail, and the tool was built. */
async function folderOf(tool: Tool, choice: Choice): Promise<string | undefined> {
  if (choice.from === "present") return choice.folder;
  if (isCached(downloadEntry(tool))) return downloadEntry(tool);
  if (tool.artifacts.length === 0) return undefined;
  return bundle(tool.name, tool.version, tool.artifacts);
}
