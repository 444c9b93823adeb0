import type { Server, ServerOptions } from "node:http";

/**
 * How long a client may take to send a request. Its connection is cut at the next check, which is 11 s after it began
 * at the latest. Skipper waits as long: tests/unit/infra/manifest/skipper.test.ts fails where the two differ.
 */
const patienceMilliseconds = 10_000;

/** All limits that Node has for a server, none left to its default. */
export const serverOptions: ServerOptions = {
  // The request line and the headers. 16 KiB are enough for any real cookie; more is answered with 431.
  maxHeaderSize: 16 * 1024,
  // From the opening of the connection, or the first byte of a later request, to the end of the headers; then 408.
  headersTimeout: patienceMilliseconds,
  // The same for the whole request, including its body.
  requestTimeout: patienceMilliseconds,
  // How often these two are checked. With Node's default of 30 s, a slow connection could stay for 40 s.
  connectionsCheckingInterval: 1_000,
  // Longer than a proxy keeps an idle connection (Skipper and Go's client: up to 60 s), so that the proxy closes it. If
  // we did, the proxy could be sending a request at that moment, and the request would be lost.
  keepAliveTimeout: 65_000,
  // Makes TCP detect that an idle client has disappeared without closing its connection.
  keepAlive: true,
  keepAliveInitialDelay: 30_000,
  // The middleware that answers a bad Host also answers a missing one.
  requireHostHeader: false,
  insecureHTTPParser: false,
  // Creates no stream for the body of a request without one.
  optimizeEmptyRequests: true,
};

/** Sets the limits that Node has as properties of the server instead of options. */
export function limitServer(server: Server): void {
  // Cuts a client that doesn't read its answer. Longer than the limits above, so that a slow request gets its 408.
  server.timeout = patienceMilliseconds + 2_000;
  // A connection costs about 10 KiB. This many fit into the pod's memory, and a thousand slow ones don't use them up.
  server.maxConnections = 4096;
  // Headers are limited by size alone. Node would silently drop those beyond a count, such as a second Host.
  server.maxHeadersCount = 0;
  // No limit: a proxy may use its connection as long as it likes.
  server.maxRequestsPerSocket = 0;
}
