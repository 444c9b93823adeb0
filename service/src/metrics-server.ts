import type { RequestListener, ServerResponse } from "node:http";
import type { Logger } from "pino";
import type { Registry } from "prom-client";
import { errorBody } from "./answer.ts";

/** Answers `GET /metrics` in Prometheus' text format, on a port that only Prometheus reaches. */
export function serveMetrics(registry: Registry, logger: Logger): RequestListener {
  return (request, response) => {
    if (request.url?.split("?")[0] !== "/metrics") {
      fail(response, 404);
      return;
    }
    if (request.method !== "GET" && request.method !== "HEAD") {
      response.setHeader("Allow", "GET, HEAD");
      fail(response, 405);
      return;
    }
    registry.metrics().then(
      (text) => response.writeHead(200, { "Content-Type": registry.contentType }).end(text),
      (error: unknown) => {
        logger.error({ err: error }, "metrics failed");
        fail(response, 500);
      },
    );
  };
}

function fail(response: ServerResponse, status: number): void {
  response.writeHead(status, { "Content-Type": "application/json; charset=utf-8" }).end(errorBody(status));
}
