import type { Middleware } from "koa";
import { answerError, answerText } from "../answer.ts";
import type { ServiceState } from "../state.ts";

/** `GET /healthz`: always 200. While draining, too: a restart would only interrupt the drain. */
export const tellLiveness: Middleware = (ctx) => answerText(ctx, "ok");

/** `GET /readyz`: 200, or 503 from the beginning of the drain on. */
export function tellReadiness(state: ServiceState): Middleware {
  return (ctx) => (state.draining ? answerError(ctx, 503) : answerText(ctx, "ok"));
}
