import { METHODS } from "node:http";
import { Router, type RouterContext } from "@koa/router";
import type { Middleware } from "koa";
import { answerEmpty, answerError } from "./answer.ts";
import type { ServiceConfig } from "./settings.ts";
import { greet } from "./handlers/greeting.ts";
import { tellLiveness, tellReadiness } from "./handlers/health.ts";
import { tellIdentity } from "./handlers/identity.ts";
import type { ServiceState } from "./state.ts";

/** The paths that only Kubernetes asks for, every few seconds. */
export const PROBES: ReadonlySet<string> = new Set(["/healthz", "/readyz"]);

/** The service's routes: the whole table of what it answers. */
export function createRoutes(config: Pick<ServiceConfig, "name" | "cluster">, state: ServiceState): Router {
  // Exact paths: `/CLUSTER` and `/cluster/` are other resources, which don't exist.
  return new Router({ sensitive: true, strict: true, methods: METHODS })
    .get("/", greet)
    .get("/cluster", tellIdentity(config))
    .get("/healthz", tellLiveness)
    .get("/readyz", tellReadiness(state));
}

/**
 * Answers what no route has: OPTIONS with what is allowed, a wrong method with 405, an unknown path with 404. Stands
 * in for the router's own `allowedMethods()`, which has 501 for methods that it doesn't know, and no JSON.
 */
export const answerUnrouted: Middleware = (ctx) => {
  const allowed = allowedMethods(ctx as RouterContext);
  if (allowed === undefined) {
    answerError(ctx, 404);
    return;
  }
  ctx.res.setHeader("Allow", allowed);
  if (ctx.method === "OPTIONS") answerEmpty(ctx);
  else answerError(ctx, 405);
};

/** The value of `Allow` for the requested path; none for a path that doesn't exist. */
function allowedMethods(ctx: RouterContext): string | undefined {
  // OPTIONS * asks for the server as a whole.
  if (ctx.req.url === "*" && ctx.method === "OPTIONS") return "GET, HEAD, OPTIONS";
  const methods = ctx.matched?.flatMap((layer) => layer.methods) ?? [];
  return methods.length === 0 ? undefined : [...new Set([...methods, "OPTIONS"])].sort().join(", ");
}

/** The pattern of the route that serves this path whatever the method, such as `/cluster`; none for unknown paths. */
export function routeOf(ctx: RouterContext): string | undefined {
  const path = ctx.matched?.at(-1)?.path;
  return path === undefined ? undefined : String(path);
}
