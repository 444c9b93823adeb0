import { globSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { config } from "chai";
import { Command } from "commander";
import { execa } from "execa";
import { configureGlobal } from "fast-check";
import Mocha from "mocha";
import { start } from "../fleet/setup/prepare.ts";
import { standing } from "./support/standing.ts";

/** The suites, from the cheapest to the dearest; each is a folder. */
const suites = ["unit", "program", "live"];

/** What only a run of everything checks, before any test. */
const checks: [name: string, command: string, args: string[]][] = [
  ["lint", "eslint", ["."]],
  ["types", "tsc", ["--noEmit"]],
];

const program = new Command("npm test --")
  .description("lints, checks types, and runs the tests; nothing that stands is touched")
  .argument("[suite...]", `of ${suites.join(", ")}; without any, all, and lint and types`, [])
  .option(
    "--context <context>",
    "check a cluster that stands, read-only, by its kubeconfig context; with the suite live",
  )
  .option("--endpoint <url>", "where that cluster's ingress answers, with or without http://")
  .option("--grep <text>", "only tests whose names hold the text")
  .parse();
const { context, endpoint, grep } = program.opts<{ context?: string; endpoint?: string; grep?: string }>();
const wanted = program.args.length > 0 ? program.args : suites;
const unknown = wanted.filter((name) => !suites.includes(name));
if (unknown.length > 0) program.error(`Unknown suite ${unknown.join(", ")}: choose from ${suites.join(", ")}`);
if ((context === undefined) !== (endpoint === undefined)) program.error("--context and --endpoint go together");

const root = dirname(import.meta.dirname);
const failedChecks: string[] = [];
if (program.args.length === 0) {
  for (const [name, command, args] of checks) {
    console.log(`> ${name}`);
    const { failed } = await execa(command, args, {
      cwd: root,
      preferLocal: true,
      stdio: ["ignore", "inherit", "inherit"],
      reject: false,
      timeout: 600_000,
    });
    if (failed) failedChecks.push(name);
  }
}
if (wanted.includes("program") || wanted.includes("live")) await start(context === undefined ? "clusters" : "tools");

Object.assign(
  standing,
  context === undefined ? {} : { context, endpoint: /^https?:/.test(endpoint ?? "") ? endpoint : `http://${endpoint}` },
);
const rules = JSON.parse(readFileSync(`${root}/.mocharc.json`, "utf8")) as {
  "fail-zero": boolean;
  "forbid-only": boolean;
  timeout: number;
};
// A find of the generators' belongs to whoever made it, and not to whose change is tested next.
if (process.env.CI !== undefined) configureGlobal({ seed: 1 });
config.truncateThreshold = 0; // a failure shows all that was found
const mocha = new Mocha({
  failZero: rules["fail-zero"],
  forbidOnly: rules["forbid-only"],
  timeout: rules.timeout,
  reporter: "spec",
  ...(grep === undefined ? {} : { grep }),
});
for (const suite of suites.filter((name) => wanted.includes(name))) {
  const pattern = context === undefined ? `tests/${suite}/**/*.test.ts` : `tests/${suite}/standing.test.ts`;
  const files = globSync(pattern, { cwd: root, exclude: context === undefined ? ["**/standing.test.ts"] : [] }).sort();
  for (const file of files) mocha.addFile(`${root}/${file}`);
}
await mocha.loadFilesAsync();
const stats = await new Promise<Mocha.Stats>((resolve, reject) => {
  const runner = mocha.run(() => (runner.stats ? resolve(runner.stats) : reject(new Error("mocha counted nothing"))));
});

for (const name of failedChecks) console.log(`${name} failed: run npm run ${name}`);
const failed = stats.failures + failedChecks.length;
const skipped = stats.pending > 0 ? `, ${stats.pending} skipped` : "";
console.log(`${stats.passes} passed, ${failed} failed${skipped}`);
process.exit(failed > 0 || stats.passes === 0 ? 1 : 0);
