// A page that is made of what the API says. It calls the API by the name of its Service.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { connect } from "node:net";

const { title } = JSON.parse(readFileSync("/etc/node-web/config.json", "utf8"));
const api = process.env.API_URL;
const redis = process.env.REDIS_HOST;

const server = createServer(async (request, response) => {
  if (request.url === "/health") return response.writeHead(204).end();
  try {
    const answer = await fetch(api, { signal: AbortSignal.timeout(5000) });
    const { name, greeting } = await answer.json();
    const visits = redis ? `<p>visit ${await countVisit()}</p>` : "";
    return response
      .setHeader("Content-Type", "text/html; charset=utf-8")
      .end(`<h1>${title}</h1><p>${name} says: ${greeting}</p>${visits}\n`);
  } catch (error) {
    return response.writeHead(502).end(`${api}: ${error.message}\n`);
  }
});

/** Counts in the Redis of redis.extra.ts. A client from npm would do this, and much else; one command needs none. */
function countVisit() {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: redis, port: 6379, timeout: 5000 }, () => socket.write("INCR visits\r\n"));
    socket.on("timeout", () => socket.destroy(new Error(`${redis} doesn't answer`)));
    socket.on("error", reject);
    socket.on("data", (reply) => {
      socket.end();
      const [, count] = /^:(\d+)\r\n$/.exec(reply.toString()) ?? [];
      if (count === undefined) reject(new Error(`${redis}: ${reply}`));
      else resolve(count);
    });
  });
}

server.listen(Number(process.env.PORT));
process.on("SIGTERM", () => server.close(() => process.exit(0)));
