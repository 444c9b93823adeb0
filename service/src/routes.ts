import { METHODS } from "node:http";
import { Router, type RouterContext } from "@koa/router";
import type { Middleware } from "koa";
import { answerEmpty, answerError } from "./answer.ts";
import { greet } from "./handlers/greeting.ts";
import { tellLiveness, tellReadiness } from "./handlers/health.ts";
import { tellIdentity } from "./handlers/identity.ts";
import { type Identity, identityPath } from "./identity.ts";
import type { ServiceState } from "./state.ts";

/** The paths of Kubernetes' probes, which are requested every few seconds. */
export const probePaths: ReadonlySet<string> = new Set(["/healthz", "/readyz"]);

/** All routes of the service. */
export function createRoutes(identity: Identity, state: ServiceState): Router {
  // Exact paths: `/CLUSTER` and `/cluster/` are other resources, which don't exist.
  return new Router({ sensitive: true, strict: true, methods: METHODS })
    .get("/", greet)
    .get(identityPath, tellIdentity(identity))
    .get("/healthz", tellLiveness)
    .get("/readyz", tellReadiness(state));
}

/**
 * Answers requests without a route: OPTIONS with the allowed methods, a wrong method with 405, an unknown path with
 * 404. Replaces the router's own `allowedMethods()`, which answers unknown methods with 501, and without JSON.
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

/** The value of `Allow` for the requested path; undefined for a path without a route. */
function allowedMethods(ctx: RouterContext): string | undefined {
  // OPTIONS * asks about the server as a whole.
  if (ctx.req.url === "*" && ctx.method === "OPTIONS") return "GET, HEAD, OPTIONS";
  const methods = ctx.matched?.flatMap((layer) => layer.methods) ?? [];
  return methods.length === 0 ? undefined : [...new Set([...methods, "OPTIONS"])].sort().join(", ");
}

/**
 * Returns the pattern of the route for the requested path, whatever the method, such as `/cluster`; undefined for a
 * path without a route.
 */
export function routeOf(ctx: RouterContext): string | undefined {
  const path = ctx.matched?.at(-1)?.path;
  return path === undefined ? undefined : String(path);
}
