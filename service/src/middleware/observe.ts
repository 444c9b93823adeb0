import { randomUUID } from "node:crypto";
import type { RouterContext } from "@koa/router";
import type { Middleware } from "koa";
import type { Logger } from "pino";
import type { RequestMetrics } from "../metrics.ts";
import { probePaths, routeOf } from "../routes.ts";
import type { ServiceState } from "../state.ts";

const saneRequestId = /^[\w.:+/=@-]{1,128}$/;
/** In characters. */
const longestLoggedPath = 256;

/** What {@link observe} writes to, and the state that it reads. */
export interface Observers {
  logger: Logger;
  metrics: RequestMetrics;
  state: ServiceState;
}

/**
 * Gives every request an id: the client's own if it is valid. Counts and logs each request when its answer is complete
 * or its connection is closed. While draining, every answer has `Connection: close`, so that the client's next request
 * opens a connection to another pod.
 */
export function observe({ logger, metrics, state }: Observers): Middleware {
  const logsRequests = logger.isLevelEnabled("info");
  const logsProbes = logger.isLevelEnabled("debug");

  return (ctx, next) => {
    const began = performance.now();
    const { req, res } = ctx;
    const offered = req.headers["x-request-id"];
    const requestId = typeof offered === "string" && saneRequestId.test(offered) ? offered : randomUUID();
    res.setHeader("X-Request-Id", requestId);
    if (state.draining) res.setHeader("Connection", "close");

    res.once("close", () => {
      const milliseconds = performance.now() - began;
      const route = routeOf(ctx as RouterContext);
      metrics.record(ctx.method, route, res.statusCode, milliseconds / 1000);

      const isProbe = route !== undefined && probePaths.has(route);
      const isLogged = isProbe ? logsProbes : logsRequests;
      if (!isLogged) return;
      logger[isProbe ? "debug" : "info"](
        {
          requestId,
          method: ctx.method,
          path: loggedPath(ctx.originalUrl),
          status: res.statusCode,
          ms: Math.round(milliseconds * 1000) / 1000,
          client: req.socket.remoteAddress,
          // pino omits what is undefined.
          aborted: res.writableFinished ? undefined : true,
        },
        "request",
      );
    });
    return next();
  };
}

/** The request target as it was sent (it need not be a valid URL), without the query, which may hold secrets. */
function loggedPath(target: string): string {
  const query = target.indexOf("?");
  return target.slice(0, query === -1 ? longestLoggedPath : Math.min(query, longestLoggedPath));
}
