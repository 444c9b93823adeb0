import { createHash } from "node:crypto";
import { statSync } from "node:fs";
import { mkdir, readFile, readlink, rename, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { ownFile } from "../core/paths.ts";
import { versions } from "../../versions.ts";
import type { Tool } from "./tool-list.ts";

/** Where a tool's executable belongs in Pulumi's home. */
export function placeOf(home: string, tool: Tool, executable: string): string {
  return tool.plugin === undefined
    ? join(home, "bin", executable)
    : join(home, "plugins", `resource-${tool.plugin}-v${tool.version}`, executable);
}

/** Makes `path` a link to `target`; whoever looks meanwhile sees the old one or the new one. */
export async function placeLink(target: string, path: string): Promise<void> {
  if ((await readlink(path).catch(() => undefined)) === target) return;
  await replace(path, (temporary) => symlink(target, temporary));
}

/** Puts the launcher of the docker plugin's stand-in in place. It names the checkout, so each has its own. */
export async function placeStandIn(path: string): Promise<void> {
  const launcher = standInLauncher(process.execPath, ownFile("docker-plugin", "main.ts"));
  if ((await readFile(path, "utf8").catch(() => undefined)) === launcher) return;
  await replace(path, (temporary) => writeFile(temporary, launcher, { mode: 0o755 }));
}

/** A script that runs the stand-in on the node that runs us. */
export function standInLauncher(node: string, program: string): string {
  const quoted = [node, program].map((word) => `'${word.replaceAll("'", "'\\''")}'`);
  return `#!/bin/sh\nexec ${quoted.join(" ")} "$@"\n`;
}

async function replace(path: string, make: (temporary: string) => Promise<void>): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = join(dirname(path), `.${process.pid}-${Date.now()}`);
  await make(temporary);
  await rename(temporary, path);
}

interface Stamp {
  asked: string;
  files: Record<string, string>;
}

const missing = "missing";
const stampFile = (home: string): string => join(home, "toolchain.json");

/** Names all that a home's content depends on, beside the files themselves. */
export function askedFor(wanted: readonly Tool[]): string {
  const parts = wanted.map(({ name, version, artifacts }) => [name, version, artifacts.map(({ entry }) => entry)]);
  const context = [process.execPath, ownFile(), versions.pulumi];
  return createHash("sha256")
    .update(JSON.stringify([parts, context]))
    .digest("hex");
}

/** Whether the home is as the last run left it, and what it left is what is asked for now. */
export async function isStamped(home: string, wanted: readonly Tool[]): Promise<boolean> {
  const text = await readFile(stampFile(home), "utf8").catch(() => undefined);
  if (text === undefined) return false;
  const stamp = JSON.parse(text) as Stamp;
  const files = Object.entries(stamp.files);
  return (
    stamp.asked === askedFor(wanted) && files.every(([path, state]) => state !== missing && stateOf(path) === state)
  );
}

/** Remembers the home's state. */
export async function stampHome(home: string, wanted: readonly Tool[]): Promise<void> {
  const paths = wanted.flatMap((tool) => tool.executables.map((name) => placeOf(home, tool, name)));
  const files = Object.fromEntries(paths.map((path) => [path, stateOf(path)]));
  const stamp = { asked: askedFor(wanted), files };
  await replace(stampFile(home), (temporary) => writeFile(temporary, JSON.stringify(stamp, null, 2)));
}

/** Follows links, so a tool that was updated or removed where it comes from is noticed. */
function stateOf(path: string): string {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats === undefined ? missing : `${stats.size} ${stats.mtimeMs}`;
}
