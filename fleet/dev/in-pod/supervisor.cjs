// Process 1 of a service's container while `npm run dev` is on: runs the service's code as a worker, and swaps it for the
// code that comes in on standard input. Node's cluster module keeps the ports open in this process, so the next worker
// listens on them before the last one leaves, and no connection is refused in between.
const cluster = require("node:cluster");
const { createHash } = require("node:crypto");
const fs = require("node:fs");
const { join } = require("node:path");
const { createInterface } = require("node:readline");

// The code in the image, and a folder that new code may be written to.
const [entry, folder] = process.argv.slice(1);

// A worker that listens on no port by then has failed.
const listenMilliseconds = 15_000;
// How long a worker may take from its first port to the others that its predecessor had. It may have fewer, too.
const otherPortsMilliseconds = 2_000;
// How long one may take to give up its ports, and how long to end.
const leaveMilliseconds = 1_000;
const drainMilliseconds = 30_000;
const firstPauseMilliseconds = 100;
const longestPauseMilliseconds = 5_000;
// Of what a worker wrote on standard error, as much is reported when it fails. A line of minified code can be very long.
const keptLines = 12;
const keptCharacters = 160;

// The worker that gets the requests, and the one that is being started.
let serving;
let next;
const alive = new Set();
let stopped = false;
let pauseMilliseconds = firstPauseMilliseconds;

// Loaded by each worker before its code. Cluster's own worker.disconnect() would close idle connections at once, even if
// a request is on its way over them. So this gives up the ports only, and leaves the rest to what the service does on
// SIGTERM.
function prepareToLeave() {
  const { Server } = require("node:net");
  const servers = new Set();
  const { listen } = Server.prototype;
  Server.prototype.listen = function (...args) {
    servers.add(this);
    return listen.apply(this, args);
  };
  process.on("message", (message) => {
    if (message !== "leave") return;
    for (const server of servers) Server.prototype.close.call(server);
    process.send("left");
    process.kill(process.pid, "SIGTERM");
  });
}
const preload = join(folder, "prepare-to-leave.js");
fs.writeFileSync(preload, `(${prepareToLeave.toString()})();`);
const execArgv = ["--require", preload];
// Each worker accepts connections by itself. Node's default, to hand them over, loses one whose worker ends, or stands
// still, before it has confirmed it: nobody else gets it, and its client waits for ever. (It is
// settled by the first setupPrimary.)
cluster.schedulingPolicy = cluster.SCHED_NONE;
cluster.setupPrimary({ args: [], execArgv, stdio: ["ignore", "inherit", "pipe", "ipc"] });

const say = (state, { version }, reason) => console.log(JSON.stringify({ dev: state, version, reason }));

// The same as fleet/dev/bundle.ts has, so that code which the image has already isn't sent again.
const versionOf = (code) => createHash("sha256").update(code).digest("hex").slice(0, 12);

function start(version, file) {
  cluster.setupPrimary({ exec: file });
  const worker = cluster.fork();
  const run = { version, file, worker, ports: new Set(), errors: [] };
  alive.add(run);
  next = run;
  createInterface({ input: worker.process.stderr }).on("line", (line) => {
    process.stderr.write(`${line}\n`);
    if (line.trim() !== "" && run.errors.length < keptLines) run.errors.push(line.slice(0, keptCharacters));
  });
  worker.on("error", () => undefined); // "close" follows, or the worker goes on
  worker.process.on("close", (code, signal) => ended(run, signal ?? `status ${code}`));
  worker.on("listening", ({ port }) => {
    run.ports.add(port);
    const hasAll = [...(serving?.ports ?? [])].every((other) => run.ports.has(other));
    if (hasAll) take(run);
    else setTimeout(take, otherPortsMilliseconds, run);
  });
  const late = `it listened on no port within ${listenMilliseconds / 1000} s`;
  setTimeout(() => run.ports.size === 0 && fail(run, late), listenMilliseconds);
}

// The worker listens: from now on it gets every new connection. Its predecessor finishes those that it has.
function take(run) {
  if (run !== next) return;
  const last = serving;
  serving = run;
  next = undefined;
  pauseMilliseconds = firstPauseMilliseconds;
  remember(run);
  // Both listen until the last one has left.
  if (last === undefined) say("serving", run);
  else leave(last, () => run === serving && say("serving", run));
}

function leave(run, then) {
  let waiting = true;
  const once = () => {
    if (waiting) then();
    waiting = false;
  };
  run.worker.on("message", once).on("exit", once);
  run.worker.send("leave", () => undefined); // a worker that has ended can't be told
  // A worker whose event loop stands still hears nothing.
  setTimeout(once, leaveMilliseconds);
  setTimeout(() => alive.has(run) && run.worker.process.kill("SIGKILL"), drainMilliseconds);
}

function fail(run, how) {
  if (run !== next) return;
  next = undefined;
  run.worker.process.kill("SIGKILL");
  report(run, how);
  if (serving === undefined) again({ file: entry });
}

function ended(run, how) {
  alive.delete(run);
  if (stopped) {
    if (alive.size === 0) process.exit(0);
  } else if (run === next) {
    fail(run, `it ended with ${how}`);
  } else if (run === serving) {
    serving = undefined;
    report(run, `it ended with ${how} while it was serving`);
    if (next === undefined) again(run);
  }
}

function report(run, how) {
  say("failed", run, [how, ...run.errors].join("\n"));
}

// Nothing serves: after a pause, starts what served before, or the image's code where nothing did.
function again({ version, file }) {
  setTimeout(
    () => !stopped && !serving && !next && start(version ?? versionOf(fs.readFileSync(file)), file),
    pauseMilliseconds,
  );
  pauseMilliseconds = Math.min(2 * pauseMilliseconds, longestPauseMilliseconds);
}

// A container that is started again goes on with the code that served last.
function remember({ version, file }) {
  fs.writeFileSync(join(folder, "serving.json"), JSON.stringify({ version, file }));
  const others = fs.readdirSync(folder).filter((name) => name.endsWith(".cjs") && join(folder, name) !== file);
  for (const name of others) fs.rmSync(join(folder, name), { force: true });
}

function remembered() {
  try {
    const { version, file } = JSON.parse(fs.readFileSync(join(folder, "serving.json"), "utf8"));
    if (fs.existsSync(file)) return { version, file };
  } catch {
    // nothing served yet
  }
  return { version: versionOf(fs.readFileSync(entry)), file: entry };
}

function receive(line) {
  let message;
  try {
    message = JSON.parse(line);
  } catch {
    return; // the rest of a message whose sender was cut off
  }
  const { version, code } = message;
  if (stopped || version === next?.version) return;
  const superseded = next;
  if (version === serving?.version) {
    next = undefined;
    say("serving", serving);
  } else {
    const file = join(folder, `${version}.cjs`);
    fs.writeFileSync(file, code);
    start(version, file);
  }
  superseded?.worker.process.kill("SIGKILL");
}

for (const signal of ["SIGTERM", "SIGINT"]) {
  process.on(signal, () => {
    stopped = true;
    // A second signal ends the service at once, and those that leave had theirs.
    for (const run of [serving, next]) run?.worker.process.kill(signal);
    if (alive.size === 0) process.exit(0);
  });
}
createInterface({ input: process.stdin }).on("line", receive);
const { version, file } = remembered();
start(version, file);
