// Runs inside a pod, whose image has Node and nothing else: calls a URL, and prints the results as JSON.
const dns = require("node:dns").promises;
const [url, options] = process.argv.slice(1);
const { headers, times, deadlineMilliseconds, ca } = JSON.parse(options);

const authorities = ca && [...require("node:tls").rootCertificates, ca];

/** The promise's value, or `late` once the deadline has passed: without an answer, a look-up takes much longer. */
const inTime = (promise, late) =>
  Promise.race([promise, new Promise((resolve) => setTimeout(resolve, deadlineMilliseconds, late))]);

/** One request: the status, headers and body, or the error's code and message. */
const request = (target, agent) =>
  new Promise((resolve) => {
    const began = performance.now();
    const { get } = require(target.protocol === "https:" ? "node:https" : "node:http");
    const failed = (error) => resolve({ error: error.code ?? error.message, message: error.message });
    const signal = AbortSignal.timeout(deadlineMilliseconds);
    const sent = { headers: Object.fromEntries(headers), agent, ca: authorities, signal };
    const call = get(target, sent, (answer) => {
      const { statusCode: status, statusMessage: reason, httpVersion: version, rawHeaders } = answer;
      let body = "";
      answer
        .setEncoding("utf8")
        .on("data", (text) => (body += text))
        .on("error", failed);
      answer.on("end", () => {
        const milliseconds = performance.now() - began;
        resolve({ status, reason, version, headers: rawHeaders, body, milliseconds });
      });
    });
    call.on("error", failed);
  });

const addressOf = (name) =>
  dns.lookup(name).then(
    ({ address }) => ({ address }),
    ({ code }) => ({ error: code }),
  );

const aliasOf = (name) =>
  dns.resolveCname(name).then(
    ([alias]) => alias,
    () => undefined,
  );

(async () => {
  const target = new URL(url);
  const name = target.hostname.replace(/^\[|\]$/g, "");
  const [address, alias] = await Promise.all([
    inTime(addressOf(name), { error: "ETIMEDOUT" }),
    inTime(aliasOf(name), undefined),
  ]);
  const answers = [];
  const { Agent } = require(target.protocol === "https:" ? "node:https" : "node:http");
  const agent = new Agent({ keepAlive: times > 1, maxSockets: 1 });
  for (let call = 0; call < times; call++) {
    answers.push(await request(target, agent));
    if (answers.at(-1).error) break;
  }
  agent.destroy();
  // A look-up that is still waiting would keep the process alive.
  process.stdout.write(JSON.stringify({ ...address, alias, answers }), () => process.exit(0));
})();
