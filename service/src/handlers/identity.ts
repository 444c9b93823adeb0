import type { Middleware } from "koa";
import { answerText } from "../answer.ts";
import { type Identity, identityText } from "../identity.ts";

/** `GET /cluster`: who answers, and in which cluster. */
export function tellIdentity(identity: Identity): Middleware {
  const text = identityText(identity);
  return (ctx) => answerText(ctx, text);
}
