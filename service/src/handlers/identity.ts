import type { Middleware } from "koa";
import { answerText } from "../answer.ts";
import type { ServiceConfig } from "../settings.ts";

/** `GET /cluster`: who answers, and where it stands. */
export function tellIdentity({ name, cluster }: Pick<ServiceConfig, "name" | "cluster">): Middleware {
  const identity = `This is ${name} in cluster ${cluster}`;
  return (ctx) => answerText(ctx, identity);
}
