// A page that is made of what the API says. It calls the API by the name of its Service.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";

const { title } = JSON.parse(readFileSync("/etc/node-web/config.json", "utf8"));
const api = process.env.API_URL;

const server = createServer(async (request, response) => {
  if (request.url === "/health") return response.writeHead(204).end();
  try {
    const answer = await fetch(api, { signal: AbortSignal.timeout(5000) });
    const { name, greeting } = await answer.json();
    return response
      .setHeader("Content-Type", "text/html; charset=utf-8")
      .end(`<h1>${title}</h1><p>${name} says: ${greeting}</p>\n`);
  } catch (error) {
    return response.writeHead(502).end(`${api}: ${error.message}\n`);
  }
});

server.listen(Number(process.env.PORT));
process.on("SIGTERM", () => server.close(() => process.exit(0)));
