import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { config } from "chai";
import { Command } from "commander";
import { execa } from "execa";
import { configureGlobal } from "fast-check";
import Mocha from "mocha";
import { prepare } from "../fleet/setup/prepare.ts";
import { standing } from "./support/standing.ts";

const root = dirname(import.meta.dirname);

/** The suites, from the fastest to the slowest. Each is a folder. */
const suites = ["unit", "program", "live"];

/** The suites that need clusters; the others need nothing. */
const suitesWithClusters = new Set(["program", "live"]);

/** The scripts of package.json that a run of all suites runs first. */
const checks = ["lint", "types"];

/** The only file that is run with `--context`, and only then. */
const standingTests = "tests/live/standing.test.ts";

const program = new Command("npm test --")
  .description("lints, checks types, and runs the tests; clusters that are up are left alone")
  .argument("[suite...]", `of ${suites.join(", ")}; without any, all, and lint and types`, [])
  .option(
    "--context <context>",
    "check a cluster that is up, read-only, by its kubeconfig context; with the suite live",
  )
  .option("--endpoint <url>", "where that cluster's ingress answers, with or without http://")
  .option("--grep <text>", "only tests whose names contain the text")
  .parse();
const { context, endpoint, grep } = program.opts<{ context?: string; endpoint?: string; grep?: string }>();
const runsAll = program.args.length === 0;
const unknown = program.args.filter((name) => !suites.includes(name));
if (unknown.length > 0) program.error(`Unknown suite ${unknown.join(", ")}: choose from ${suites.join(", ")}`);
if ((context === undefined) !== (endpoint === undefined)) program.error("--context and --endpoint go together");
const wanted = suites.filter((suite) => runsAll || program.args.includes(suite));

const failedChecks: string[] = [];
for (const check of runsAll ? checks : []) {
  console.log(`> ${check}`);
  const { failed } = await execa("npm", ["run", "--silent", check], {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    reject: false,
    timeout: 600_000,
  });
  if (failed) failedChecks.push(check);
}

if (wanted.some((suite) => suitesWithClusters.has(suite))) await prepare(context === undefined ? "clusters" : "tools");
if (context !== undefined && endpoint !== undefined) {
  Object.assign(standing, { context, endpoint: /^https?:/.test(endpoint) ? endpoint : `http://${endpoint}` });
}

// On CI, property tests make the same cases each time, so that a failure belongs to the change that is tested.
if (process.env.CI !== undefined) configureGlobal({ seed: 1 });
config.truncateThreshold = 0; // failures show values in full
const options = JSON.parse(readFileSync(join(root, ".mocharc.json"), "utf8")) as Mocha.MochaOptions;
const mocha = new Mocha({ ...options, grep });
for (const suite of wanted) {
  const files = globSync(`tests/${suite}/**/*.test.ts`, { cwd: root }).sort();
  for (const file of files) if ((file === standingTests) === (context !== undefined)) mocha.addFile(join(root, file));
}
await mocha.loadFilesAsync();

const stats = await new Promise<Mocha.Stats>((resolve, reject) => {
  const runner = mocha.run(() => (runner.stats ? resolve(runner.stats) : reject(new Error("mocha counted nothing"))));
});

for (const check of failedChecks) console.log(`${check} failed: run npm run ${check}`);
const failed = stats.failures + failedChecks.length;
const skipped = stats.pending > 0 ? `, ${stats.pending} skipped` : "";
console.log(`${stats.passes} passed, ${failed} failed${skipped}`);
process.exit(failed > 0 || stats.passes === 0 ? 1 : 0);
