/** The yardstick: node:http alone, answering every request with the bytes and headers of the service's `/cluster`. */
import { randomUUID } from "node:crypto";
import { createServer } from "node:http";

const TEXT = "This is service1 in cluster cluster1";

// The time-out is in an answer's headers too.
createServer({ keepAliveTimeout: 65_000 }, (_request, response) => {
  response.writeHead(200, {
    "X-Request-Id": randomUUID(),
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Length": Buffer.byteLength(TEXT),
  });
  response.end(TEXT);
}).listen(Number(process.env["PORT"]));
