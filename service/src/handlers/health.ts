import type { Middleware } from "koa";
import { answerError, answerText } from "../answer.ts";
import type { ServiceState } from "../state.ts";

/** `GET /healthz`: alive as long as it answers, draining or not, since a restart would only cut the drain short. */
export const tellLiveness: Middleware = (ctx) => answerText(ctx, "ok");

/** `GET /readyz`: 200 while new requests are welcome, 503 from the first moment of the drain on. */
export function tellReadiness(state: ServiceState): Middleware {
  return (ctx) => (state.draining ? answerError(ctx, 503) : answerText(ctx, "ok"));
}
