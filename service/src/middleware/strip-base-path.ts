import type { Middleware } from "koa";

/**
 * Serves every route below a base path as well, as an ingress that does not rewrite paths asks for it: `/other/cluster`
 * is `/cluster`, and `/other` is `/`. What is not below it is served as it is.
 */
export function stripBasePath(basePath: string): Middleware {
  const base = basePath.replace(/\/+$/, "");
  return (ctx, next) => {
    const target = ctx.req.url ?? "";
    const rest = target.startsWith(base) ? target.slice(base.length) : undefined;
    if (rest === "" || rest?.startsWith("?") === true) ctx.req.url = `/${rest}`;
    else if (rest?.startsWith("/") === true) ctx.req.url = rest;
    return next();
  };
}
