import { existsSync, realpathSync } from "node:fs";
import { join } from "node:path";

const neededVersion = 24;

/**
 * The path of the Node that runs the scripts: the pinned one, or else the one that runs this, if it is new enough.
 *
 * @throws Error when it is too old; the message says what to install
 */
export function chooseNode(root, running = process) {
  const pinned = join(root, "node_modules", ".bin", "node");
  if (existsSync(pinned)) return realpathSync(pinned);
  if (Number(running.versions.node.split(".")[0]) >= neededVersion) return running.execPath;
  throw new Error(
    `Node ${neededVersion} or newer is needed. There is no npm package of it for ${running.platform} on ${running.arch}, ` +
      `and this is Node ${running.versions.node}. Install it: https://nodejs.org/en/download.`,
  );
}
