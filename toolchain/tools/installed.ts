import { existsSync, realpathSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { execa } from "execa";
import { which } from "../core/machine.ts";
import { cacheRoot } from "../core/paths.ts";
import type { Tool } from "./tool-list.ts";

/** The folder where the tool is already, whole and in the pinned version. What the cache holds does not count. */
export async function findPresent(tool: Tool): Promise<string | undefined> {
  const folder = "folder" in tool.presence ? tool.presence.folder : await folderOnPath(tool, tool.presence);
  const whole = folder !== undefined && tool.executables.every((name) => existsSync(join(folder, name)));
  return whole ? folder : undefined;
}

async function folderOnPath(
  { name, version }: Tool,
  { ask, answer }: { ask: string[]; answer: RegExp },
): Promise<string | undefined> {
  const found = which(name);
  if (found === undefined) return undefined;
  const file = realpathSync(found);
  if (file.startsWith(cacheRoot() + sep)) return undefined;
  const env = { PULUMI_SKIP_UPDATE_CHECK: "true" };
  const { stdout } = await execa(file, ask, { stdin: "ignore", reject: false, timeout: 10_000, env });
  return answer.exec(stdout)?.[1] === version ? dirname(file) : undefined;
}
