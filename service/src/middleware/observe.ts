import { randomUUID } from "node:crypto";
import type { RouterContext } from "@koa/router";
import type { Middleware } from "koa";
import type { Logger } from "pino";
import type { RequestMetrics } from "../metrics.ts";
import { PROBES, routeOf } from "../routes.ts";
import type { ServiceState } from "../state.ts";

const SANE_ID = /^[\w.:+/=@-]{1,128}$/;
const LONGEST_LOGGED_PATH = 256;

/** What {@link observe} writes to and depends on. */
export interface Observers {
  readonly logger: Logger;
  readonly metrics: RequestMetrics;
  readonly state: ServiceState;
}

/**
 * Gives every request its id (the client's own if it is sane), and when the answer is out, or the client is gone,
 * one count and one line of log. While draining it also tells the client to open its next connection elsewhere.
 */
export function observe({ logger, metrics, state }: Observers): Middleware {
  const logsRequests = logger.isLevelEnabled("info");
  const logsProbes = logger.isLevelEnabled("debug");

  return (ctx, next) => {
    const began = performance.now();
    const { req, res } = ctx;
    const offered = req.headers["x-request-id"];
    const requestId = typeof offered === "string" && SANE_ID.test(offered) ? offered : randomUUID();
    res.setHeader("X-Request-Id", requestId);
    if (state.draining) res.setHeader("Connection", "close");

    res.once("close", () => {
      const ms = performance.now() - began;
      const route = routeOf(ctx as RouterContext);
      metrics.record(ctx.method, route, res.statusCode, ms / 1000);

      const isProbe = route !== undefined && PROBES.has(route);
      if (!(isProbe ? logsProbes : logsRequests)) return;
      logger[isProbe ? "debug" : "info"](
        {
          requestId,
          method: ctx.method,
          path: loggedPath(ctx.originalUrl),
          status: res.statusCode,
          ms: Math.round(ms * 1000) / 1000,
          client: req.socket.remoteAddress,
          ...(res.writableFinished ? {} : { aborted: true }),
        },
        "request",
      );
    });
    return next();
  };
}

/** The request target as it came (it need not be a valid URL), without the query, where secrets may stand. */
function loggedPath(target: string): string {
  const query = target.indexOf("?");
  return target.slice(0, query === -1 ? LONGEST_LOGGED_PATH : Math.min(query, LONGEST_LOGGED_PATH));
}
