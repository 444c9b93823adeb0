import { existsSync, realpathSync } from "node:fs";
import { join } from "node:path";

const needed = 24;

/** The Node that runs the scripts: the pinned one, else the one that runs us if it is new enough. */
export function chooseNode(root, running = process) {
  const pinned = join(root, "node_modules", ".bin", "node");
  if (existsSync(pinned)) return realpathSync(pinned);
  if (Number(running.versions.node.split(".")[0]) >= needed) return running.execPath;
  throw new Error(
    `Node ${needed} or newer is needed. There is no npm package of it for ${running.platform} on ${running.arch}, ` +
      `and this is Node ${running.versions.node}. Install it: https://nodejs.org/en/download.`,
  );
}
