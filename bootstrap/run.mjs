// Every npm script that runs the project's code starts here, on any Node from 20 on. This installs the dependencies of
// package-lock.json, and then runs the script on the pinned Node, which is one of them and runs TypeScript itself.
// Read on in the script that package.json names, such as fleet/main.ts.
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { runToEnd } from "./child.mjs";
import { ensureDependencies } from "./dependencies.mjs";
import { chooseNode } from "./node.mjs";
import { proxySettings } from "./proxy.mjs";
import { ownSettings } from "./settings.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [script, ...args] = process.argv.slice(2);

if (script === undefined) {
  console.error("Usage: node bootstrap/run.mjs SCRIPT.ts [ARGUMENT…]");
  process.exit(2);
}

try {
  await ensureDependencies(root);
  const { code, signal } = await runToEnd(chooseNode(root), [script, ...args], {
    stdio: "inherit",
    env: environment(),
  });
  if (signal === null) process.exit(code ?? 1);
  process.kill(process.pid, signal);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(error.status ?? 1);
}

function environment() {
  const { env, setAside } = ownSettings(process.env);
  if (setAside.length > 0) {
    console.error(`Set aside, since it would change what is done here: ${setAside.join(", ")}.`);
  }
  env.PATH = [join(root, "node_modules", ".bin"), env.PATH ?? ""].join(delimiter);
  Object.assign(env, proxySettings(env));
  // Node keeps what it has compiled there, TypeScript too: the next start is shorter by a fifth or more. Pulumi's own
  // Node processes inherit the setting.
  env.NODE_COMPILE_CACHE ??= join(root, "node_modules", ".cache", "node-compile");
  return env;
}
