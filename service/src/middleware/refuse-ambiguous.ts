import type { IncomingMessage } from "node:http";
import { isIPv6 } from "node:net";
import type { Middleware } from "koa";
import { answerError } from "../answer.ts";

const visibleAscii = /^[\x21\x22\x24-\x7e]+$/; // all but "#": a request target has no fragment
const validHost = /^(?:(?<name>[\w-][\w.-]{0,254})|\[(?<ipv6>[\da-f:.]+)\])(?::(?<port>\d{1,5}))?$/i;

/**
 * Refuses (400) requests that Node accepts, but that a proxy may understand differently: with a Host that is duplicate,
 * empty, malformed, or missing though HTTP/1.1 requires one, or with a request target that is not a path.
 */
export const refuseAmbiguous: Middleware = (ctx, next) => {
  const target = hasSaneHost(ctx.req) ? pathOf(ctx.req) : undefined;
  if (target === undefined) {
    // A client that sends such a request may also disagree about where the next one begins.
    ctx.res.setHeader("Connection", "close");
    answerError(ctx, 400);
    return;
  }
  ctx.req.url = target;
  return next();
};

/** Reads the raw headers: of several Host headers, Node's parsed ones hold only the first. */
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
  // Skipper takes off a port, and with it an IPv6 address's brackets.
  if (isIPv6(value)) return true;
  const parts = validHost.exec(value)?.groups;
  if (parts === undefined) return false;
  return (parts.port === undefined || Number(parts.port) <= 65_535) && (parts.ipv6 === undefined || isIPv6(parts.ipv6));
}

/**
 * The path and query of the request target. A client that takes the service for a proxy sends a whole URL.
 * @returns undefined when the target is neither a path nor such a URL
 */
function pathOf({ url = "", method }: IncomingMessage): string | undefined {
  if (!visibleAscii.test(url)) return undefined;
  if (url.startsWith("/") || (url === "*" && method === "OPTIONS")) return url;
  const absolute = URL.parse(url);
  return absolute !== null && /^https?:$/.test(absolute.protocol) ? absolute.pathname + absolute.search : undefined;
}
