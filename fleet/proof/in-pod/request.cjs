// Runs inside a pod, whose image has Node and nothing else: calls a URL, and prints what came of it as JSON.
const dns = require("node:dns").promises;
const [url, options] = process.argv.slice(1);
const { headers = [], times = 1, deadline = 10_000, ca } = JSON.parse(options ?? "{}");

const trusted = ca && [...require("node:tls").rootCertificates, ca];

/** What a promise gives, or nothing by the deadline: a resolver that is silent has its own, which are long. */
const inTime = (promise, late) =>
  Promise.race([promise, new Promise((resolve) => setTimeout(resolve, deadline, late))]);

/** One request: the status, headers and body, or the error's code. */
const request = (target, agent) =>
  new Promise((resolve) => {
    const started = performance.now();
    const sent = {};
    for (const [name, value] of headers) sent[name] = value;
    const { get } = require(target.protocol === "https:" ? "node:https" : "node:http");
    const failed = (error) => resolve({ error: error.code ?? error.message, message: error.message });
    const call = get(target, { headers: sent, agent, ca: trusted, signal: AbortSignal.timeout(deadline) }, (answer) => {
      let body = "";
      answer
        .setEncoding("utf8")
        .on("data", (text) => (body += text))
        .on("error", failed);
      answer.on("end", () => {
        const milliseconds = performance.now() - started;
        resolve({
          status: answer.statusCode,
          reason: answer.statusMessage,
          version: answer.httpVersion,
          headers: answer.rawHeaders,
          body,
          milliseconds,
        });
      });
    });
    call.on("error", failed);
  });

(async () => {
  const target = new URL(url);
  const name = target.hostname.replace(/^\[|\]$/g, "");
  const [address, alias] = await Promise.all([
    inTime(
      dns.lookup(name).then(
        (found) => ({ address: found.address }),
        (error) => ({ error: error.code }),
      ),
      { error: "ETIMEDOUT" },
    ),
    inTime(
      dns.resolveCname(name).then(
        (names) => names[0],
        () => undefined,
      ),
    ),
  ]);
  const answers = [];
  const { Agent } = require(target.protocol === "https:" ? "node:https" : "node:http");
  const agent = new Agent({ keepAlive: times > 1, maxSockets: 1 });
  for (let call = 0; call < times; call++) {
    answers.push(await request(target, agent));
    if (answers.at(-1).error) break;
  }
  agent.destroy();
  // A look-up may still be under way.
  process.stdout.write(JSON.stringify({ ...address, alias, answers }), () => process.exit(0));
})();
