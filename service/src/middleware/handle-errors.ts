import type { Middleware } from "koa";
import type { Logger } from "pino";
import { answerError } from "../answer.ts";

/**
 * The only place where an error becomes an answer. An error with a status of its own (`ctx.throw(409)`) keeps it, any
 * other is answered with 500. The cause is logged, but never part of the answer.
 */
export function handleErrors(logger: Logger): Middleware {
  return (ctx, next) =>
    next().catch((error: unknown) => {
      const status = statusOf(error);
      if (status >= 500) logger.error({ err: error, requestId: ctx.res.getHeader("x-request-id") }, "request failed");
      // Half an answer must not look like a complete one.
      if (ctx.res.headersSent) ctx.res.destroy();
      else answerError(ctx, status);
    });
}

function statusOf(error: unknown): number {
  if (
    error instanceof Error &&
    "status" in error &&
    typeof error.status === "number" &&
    error.status >= 400 &&
    error.status < 600
  ) {
    return error.status;
  }
  return 500;
}
