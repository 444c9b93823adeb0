// Every npm script that runs the project's code starts here, on any Node from 20 on. This installs the dependencies of
// package-lock.json, and then runs the script on the pinned Node, which is one of them and runs TypeScript itself.
// Read on in the script that package.json names, such as fleet/main.ts.
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

/** Runs the script with this process's streams, and ends as it ends. */
function run(node, command) {
  const path = [join(root, "node_modules", ".bin"), process.env.PATH ?? ""].join(delimiter);
  const env = { ...process.env, PATH: path };
  Object.assign(env, proxySettings(env));
  // Node keeps what it has compiled there, TypeScript too: the next start is shorter by a fifth or more. Pulumi's own
  // Node processes inherit the setting.
  env.NODE_COMPILE_CACHE ??= join(root, "node_modules", ".cache", "node-compile");
  const child = spawn(node, command, { stdio: "inherit", env });
  // A terminal sends Ctrl-C to both processes. The script decides what follows, and this process waits for its end.
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
