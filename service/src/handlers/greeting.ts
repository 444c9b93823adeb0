import type { Middleware } from "koa";
import { answerText } from "../answer.ts";

const greeting = "hello";

/** `GET /`: the greeting. */
export const greet: Middleware = (ctx) => answerText(ctx, greeting);
