/** What the service is compared with: node:http alone, with the headers and bytes of the service's `/cluster`. */
import { randomUUID } from "node:crypto";
import { createServer } from "node:http";

const text = "This is service1 in cluster cluster1";

// Node also sends this time-out, in the Keep-Alive header of each answer.
createServer({ keepAliveTimeout: 65_000 }, (_request, response) => {
  response.writeHead(200, {
    "X-Request-Id": randomUUID(),
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Length": Buffer.byteLength(text),
  });
  response.end(text);
}).listen(Number(process.env.PORT));
