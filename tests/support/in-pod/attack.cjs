// Runs inside a pod that has vegeta, and makes it attack URLs, all at once, until their time is over or standard input
// ends. Prints a line once every attack has a result, and at the end a line with the reports of all.
const { spawn, spawnSync } = require("node:child_process");
const { openSync, statSync } = require("node:fs");

const vegeta = "/tools/vegeta";
const attacks = JSON.parse(process.argv[1]);

const running = attacks.map(({ url, rate, keepAlive, workers, seconds }, index) => {
  const results = `/tmp/${index}.bin`;
  const options = [`-rate=${rate}`, `-keepalive=${keepAlive}`, "-timeout=30s", "-redirects=-1", `-max-body=1024`];
  if (workers) options.push(`-workers=${workers}`, `-max-workers=${workers}`);
  if (seconds) options.push(`-duration=${seconds}s`);
  const attack = spawn(vegeta, ["attack", ...options], { stdio: ["pipe", openSync(results, "w"), "inherit"] });
  attack.stdin.end(`GET ${url}\n`);
  return { attack, ended: new Promise((resolve) => attack.on("close", resolve)), results };
});

process.stdin.on("end", () => running.forEach(({ attack }) => attack.kill("SIGINT"))).resume();

const underWay = setInterval(() => {
  if (!running.every(({ results }) => statSync(results).size > 0)) return;
  clearInterval(underWay);
  process.stdout.write("under way\n");
}, 20);

(async () => {
  const reports = [];
  for (const { ended, results } of running) {
    await ended;
    reports.push(JSON.parse(spawnSync(vegeta, ["report", "-type=json", results]).stdout.toString()));
  }
  process.stdout.write(`${JSON.stringify(reports)}\n`, () => process.exit(0));
})();
