// Runs inside a pod, whose image has Node and nothing else: calls a URL, and prints the results as JSON. What to call
// comes as one line of JSON on the standard input, since anybody on the machine can read a command line.
const dns = require("node:dns").promises;

/** The promise's value, or `late` once the deadline has passed: without an answer, a look-up takes much longer. */
const inTime = (promise, milliseconds, late) =>
  Promise.race([promise, new Promise((resolve) => setTimeout(resolve, milliseconds, late))]);

const moduleOf = ({ protocol }) => require(protocol === "https:" ? "node:https" : "node:http");

/** One request: the status, headers and the body's beginning, or the error's code and message. */
const request = (target, agent, { headers, deadlineMilliseconds, longestBody }) =>
  new Promise((resolve) => {
    const began = performance.now();
    let call;
    const end = (result) => {
      clearTimeout(timer);
      resolve(result);
      call?.destroy();
    };
    const failed = (error) => end({ error: error.code ?? error.message, message: error.message });
    // A deadline for all of it: a body may come by drips.
    const timer = setTimeout(
      () => end({ error: "ETIMEDOUT", message: `timeout of ${deadlineMilliseconds} ms` }),
      deadlineMilliseconds,
    );
    try {
      call = moduleOf(target).get(target, { headers: grouped(headers), agent }, (answer) => {
        const { statusCode: status, statusMessage: reason, httpVersion: version, rawHeaders } = answer;
        const chunks = [];
        let length = 0;
        const finish = (cut) => {
          const milliseconds = performance.now() - began;
          const body = Buffer.concat(chunks).subarray(0, longestBody).toString("base64");
          const result = { status, reason, version, headers: rawHeaders, body, cut, milliseconds };
          if (cut) return end(result);
          clearTimeout(timer);
          resolve(result);
        };
        answer.on("data", (chunk) => {
          chunks.push(chunk);
          length += chunk.length;
          if (length > longestBody) finish(true);
        });
        answer.on("end", () => finish(false)).on("error", failed);
      });
      call.on("error", failed);
    } catch (error) {
      failed(error);
    }
  });

/** A header that is given twice is sent twice. */
const grouped = (headers) => {
  const all = {};
  for (const [name, value] of headers) {
    const key = Object.keys(all).find((other) => other.toLowerCase() === name.toLowerCase()) ?? name;
    all[key] = all[key] === undefined ? value : [all[key], value].flat();
  }
  return all;
};

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

async function run(options) {
  const { url, times, deadlineMilliseconds, totalMilliseconds, alsoResolve } = options;
  const began = performance.now();
  const target = new URL(url);
  const name = target.hostname.replace(/^\[|\]$/g, "");
  const lookUp = (host) => inTime(addressOf(host), deadlineMilliseconds, { error: "ETIMEDOUT" });
  const [address, alias, also] = await Promise.all([
    lookUp(name),
    inTime(aliasOf(name), deadlineMilliseconds, undefined),
    alsoResolve === undefined ? undefined : lookUp(alsoResolve),
  ]);
  const answers = [];
  const agent = new (moduleOf(target).Agent)({ keepAlive: times > 1, maxSockets: 1 });
  for (let call = 0; call < times; call++) {
    if (call > 0 && performance.now() - began > totalMilliseconds) break;
    answers.push(await request(target, agent, options));
    if (answers.at(-1).error) break;
  }
  // A look-up that is still waiting would keep the process alive.
  const report = { ...address, alias, alsoAddress: also?.address, answers };
  process.stdout.write(JSON.stringify(report), () => process.exit(0));
}

let input = "";
process.stdin.setEncoding("utf8").on("data", (text) => {
  input += text;
  if (!input.endsWith("\n")) return;
  process.stdin.pause();
  void run(JSON.parse(input));
});
