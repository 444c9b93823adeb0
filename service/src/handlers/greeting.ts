import type { Middleware } from "koa";
import { answerText } from "../answer.ts";

/** The text of `GET /`. */
export const GREETING = "hello";

/** `GET /`: the greeting. */
export const greet: Middleware = (ctx) => answerText(ctx, GREETING);
