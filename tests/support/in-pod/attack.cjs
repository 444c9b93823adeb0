// Runs inside a pod beside vegeta, which attacks URLs, all at once, until standard input ends; then prints a report each.
const { spawn, spawnSync } = require("node:child_process");
const { openSync } = require("node:fs");

const vegeta = "/tools/vegeta";
const attacks = JSON.parse(process.argv[1]);

const running = attacks.map(({ url, rate, keepAlive, workers, seconds }, index) => {
  const results = `/tmp/${index}.bin`;
  const options = [`-rate=${rate}`, `-keepalive=${keepAlive}`, "-timeout=5s", "-redirects=-1", `-max-body=1024`];
  if (workers) options.push(`-workers=${workers}`, `-max-workers=${workers}`);
  if (seconds) options.push(`-duration=${seconds}s`);
  const attack = spawn(vegeta, ["attack", ...options], { stdio: ["pipe", openSync(results, "w"), "inherit"] });
  attack.stdin.end(`GET ${url}\n`);
  return { attack, ended: new Promise((resolve) => attack.on("close", resolve)), results };
});

process.stdin.on("end", () => running.forEach(({ attack }) => attack.kill("SIGINT"))).resume();

(async () => {
  const reports = [];
  for (const { ended, results } of running) {
    await ended;
    reports.push(JSON.parse(spawnSync(vegeta, ["report", "-type=json", results]).stdout.toString()));
  }
  process.stdout.write(JSON.stringify(reports), () => process.exit(0));
})();
