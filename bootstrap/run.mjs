// The entry of every npm script. Runs on any Node from 20 on: sees to it that the dependencies are those of the
// lock file, then hands over to the pinned Node, which comes as one of them and runs TypeScript as it is.
import { spawn } from "node:child_process";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureDependencies } from "./dependencies.mjs";
import { chooseNode } from "./node.mjs";
import { proxySettings } from "./proxy.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [script, ...args] = process.argv.slice(2);

if (script === undefined) {
  console.error("Usage: node bootstrap/run.mjs SCRIPT.ts [ARGUMENT…]");
  process.exit(2);
}

try {
  await ensureDependencies(root);
  const node = chooseNode(root);
  run(node, [script, ...args]);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

/** Runs the script as if it had been called itself: same streams, same end. */
function run(node, command) {
  const path = [join(root, "node_modules", ".bin"), process.env.PATH ?? ""].join(delimiter);
  const env = { ...process.env, PATH: path };
  Object.assign(env, proxySettings(env));
  const child = spawn(node, command, { stdio: "inherit", env });
  // A terminal sends Ctrl-C to the whole group; the child decides what comes of it, and we stay for its end.
  process.on("SIGINT", () => undefined);
  for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => {
    console.error(`${node} can't be run: ${error.message}`);
    process.exit(1);
  });
  child.on("exit", (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}
