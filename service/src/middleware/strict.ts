import type { IncomingMessage } from "node:http";
import { isIPv6 } from "node:net";
import type { Middleware } from "koa";
import { answerError } from "../answer.ts";

const VISIBLE_ASCII = /^[\x21\x22\x24-\x7e]+$/; // all but "#": a request target has no fragment
const HOST = /^(?:(?<name>[\w-][\w.-]{0,254})|\[(?<ipv6>[\da-f:.]+)\])(?::(?<port>\d{1,5}))?$/i;

/**
 * Turns requests away (400) that Node lets through though proxies may read them in another way: a Host that is
 * duplicate, empty, malformed, or missing where HTTP/1.1 asks for one; a request target that is no path.
 */
export const refuseAmbiguous: Middleware = (ctx, next) => {
  const target = hasSaneHost(ctx.req) ? pathOf(ctx.req) : undefined;
  if (target === undefined) {
    // Who sends one such request isn't trusted with where the next one begins.
    ctx.res.setHeader("Connection", "close");
    answerError(ctx, 400);
    return;
  }
  ctx.req.url = target;
  return next();
};

/** Node keeps the first of several Host headers and drops the others, so look at the headers as they came. */
function hasSaneHost({ rawHeaders, httpVersion }: IncomingMessage): boolean {
  let host: string | undefined;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i];
    if (name?.length !== 4 || name.toLowerCase() !== "host") continue;
    if (host !== undefined) return false;
    host = rawHeaders[i + 1];
  }
  return host === undefined ? httpVersion === "1.0" : isHost(host);
}

function isHost(value: string): boolean {
  const parts = HOST.exec(value)?.groups;
  if (parts === undefined) return false;
  return (parts.port === undefined || Number(parts.port) <= 65_535) && (parts.ipv6 === undefined || isIPv6(parts.ipv6));
}

/** The path and query of the request target, which a client that believes us a proxy sends as a whole URL. */
function pathOf({ url = "", method }: IncomingMessage): string | undefined {
  if (!VISIBLE_ASCII.test(url)) return undefined;
  if (url.startsWith("/") || (url === "*" && method === "OPTIONS")) return url;
  const absolute = URL.parse(url);
  return absolute !== null && /^https?:$/.test(absolute.protocol) ? absolute.pathname + absolute.search : undefined;
}
