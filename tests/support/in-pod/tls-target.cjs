// Runs in a container: a site that passes requests on to another URL, if they have its name, in TLS and as Host.
const { createServer } = require("node:https");
const http = require("node:http");

const { name, target, key, cert } = JSON.parse(process.argv[1]);

const serve = (request, response) => {
  if (request.headers.host.split(":")[0] !== name || (request.socket.encrypted && request.socket.servername !== name)) {
    response.writeHead(404).end(`no site ${request.headers.host}\n`);
    return;
  }
  const passedOn = http.get(target + request.url, (answer) =>
    answer.pipe(response.writeHead(answer.statusCode, answer.headers)),
  );
  passedOn.on("error", (error) => response.writeHead(502).end(`${error.message}\n`));
};
createServer({ key, cert }, serve).listen(8443);
http.createServer(serve).listen(8080);
process.on("SIGTERM", () => process.exit(0));
