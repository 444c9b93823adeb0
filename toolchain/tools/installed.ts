import { existsSync, realpathSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { tryRun } from "../../host/command.ts";
import { which } from "../core/machine.ts";
import { cacheRoot } from "../core/paths.ts";
import type { Tool, VersionCommand } from "./tool-list.ts";

const versionDeadlineSeconds = 10;

/** The folder where the user has all of the tool's executables in the right version. The cache doesn't count. */
export async function findInstalled(tool: Tool): Promise<string | undefined> {
  const folder = "folder" in tool.lookup ? tool.lookup.folder : await folderOnPath(tool, tool.lookup);
  const complete = folder !== undefined && tool.executables.every((name) => existsSync(join(folder, name)));
  return complete ? folder : undefined;
}

async function folderOnPath({ name, version }: Tool, command: VersionCommand): Promise<string | undefined> {
  const found = which(name);
  if (found === undefined) return undefined;
  const file = realpathSync(found);
  if (file.startsWith(cacheRoot() + sep)) return undefined;
  const env = { PULUMI_SKIP_UPDATE_CHECK: "true" };
  const { stdout } = await tryRun(file, command.args, { deadlineSeconds: versionDeadlineSeconds, env });
  return command.pattern.exec(stdout)?.[1] === version ? dirname(file) : undefined;
}
