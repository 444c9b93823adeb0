import type { Middleware } from "koa";
import type { Logger } from "pino";
import { answerError } from "../answer.ts";

/**
 * The only place where an error becomes an answer. What was thrown on purpose (`ctx.throw(409)`) keeps its status,
 * everything else is 500; the cause goes to the log, and to nobody else.
 */
export function handleErrors(logger: Logger): Middleware {
  return (ctx, next) =>
    next().catch((err: unknown) => {
      const status = statusOf(err);
      if (status >= 500) logger.error({ err, requestId: ctx.res.getHeader("x-request-id") }, "request failed");
      // Half an answer must not look like a whole one.
      if (ctx.res.headersSent) ctx.res.destroy();
      else answerError(ctx, status);
    });
}

function statusOf(err: unknown): number {
  if (
    err instanceof Error &&
    "status" in err &&
    typeof err.status === "number" &&
    err.status >= 400 &&
    err.status < 600
  ) {
    return err.status;
  }
  return 500;
}
