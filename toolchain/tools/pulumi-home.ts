import { createHash } from "node:crypto";
import { statSync } from "node:fs";
import { mkdir, readFile, readlink, rename, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { quote } from "../../host/shell.ts";
import { versions } from "../../versions.ts";
import { ownFile } from "../core/paths.ts";
import type { Tool } from "./tool-list.ts";

/** The path of a tool's executable in Pulumi's home. */
export function placeOf(home: string, tool: Tool, executable: string): string {
  return tool.plugin === undefined
    ? join(home, "bin", executable)
    : join(home, "plugins", `resource-${tool.plugin}-v${tool.version}`, executable);
}

/** Makes `path` a link to `target`. Other processes see the old link or the new one, never none. */
export async function placeLink(target: string, path: string): Promise<void> {
  if ((await readlink(path).catch(() => undefined)) === target) return;
  await replace(path, (temporary) => symlink(target, temporary));
}

const standIn = (): string => ownFile("docker-plugin", "main.ts");

/** Writes the launcher of the docker plugin's stand-in, which is part of this checkout. */
export async function placeStandIn(path: string): Promise<void> {
  const launcher = standInLauncher(process.execPath, standIn());
  if ((await readFile(path, "utf8").catch(() => undefined)) === launcher) return;
  await replace(path, (temporary) => writeFile(temporary, launcher, { mode: 0o755 }));
}

/** The program of the docker plugin's stand-in; undefined where the home has the official plugin. */
export async function dockerStandIn(home: string): Promise<string | undefined> {
  const file = join(home, "plugins", `resource-docker-v${versions.pulumiDocker}`, "pulumi-resource-docker");
  const launcher = standInLauncher(process.execPath, standIn());
  return (await readFile(file, "utf8").catch(() => undefined)) === launcher ? standIn() : undefined;
}

/** A shell script that runs a program on the given Node. */
export function standInLauncher(node: string, program: string): string {
  return `#!/bin/sh\nexec ${quote(node)} ${quote(program)} "$@"\n`;
}

/** Makes a file under another name, and renames it, so that no process sees half of it. */
async function replace(path: string, make: (temporary: string) => Promise<void>): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = join(dirname(path), `.${process.pid}-${Date.now()}`);
  await make(temporary);
  await rename(temporary, path);
}

/** The state of a home when the tools were put into it; kept in the home. */
interface Stamp {
  /** A hash of what was wanted; see {@link hashOfWanted}. */
  asked: string;
  /** The state of each file; see {@link stateOf}. */
  files: Record<string, string>;
}

const missing = "missing";
const stampFile = (home: string): string => join(home, "toolchain.json");

/** The hash of everything that the files in a home depend on. */
function hashOfWanted(wanted: readonly Tool[]): string {
  const parts = wanted.map(({ name, version, artifacts }) => [name, version, artifacts.map(({ entry }) => entry)]);
  const context = [process.execPath, ownFile(), versions.pulumi];
  return createHash("sha256")
    .update(JSON.stringify([parts, context]))
    .digest("hex");
}

/** True when the home has all wanted tools, and no file has changed since they were put there. */
export async function isStamped(home: string, wanted: readonly Tool[]): Promise<boolean> {
  const text = await readFile(stampFile(home), "utf8").catch(() => undefined);
  if (text === undefined) return false;
  const { asked, files } = JSON.parse(text) as Stamp;
  if (asked !== hashOfWanted(wanted)) return false;
  return Object.entries(files).every(([path, state]) => state !== missing && stateOf(path) === state);
}

/** Stores the home's state, for {@link isStamped}. */
export async function stampHome(home: string, wanted: readonly Tool[]): Promise<void> {
  const paths = wanted.flatMap((tool) => tool.executables.map((name) => placeOf(home, tool, name)));
  const files = Object.fromEntries(paths.map((path) => [path, stateOf(path)]));
  const stamp: Stamp = { asked: hashOfWanted(wanted), files };
  await replace(stampFile(home), (temporary) => writeFile(temporary, JSON.stringify(stamp, null, 2)));
}

/** The size and time of a file. Links are followed, so it changes when a tool is updated or removed elsewhere. */
function stateOf(path: string): string {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats === undefined ? missing : `${stats.size} ${stats.mtimeMs}`;
}
