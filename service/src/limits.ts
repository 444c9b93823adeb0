import type { Server, ServerOptions } from "node:http";

/** How long to wait for a client, in milliseconds. A slow one is gone after 10 s and one check, 11 s at most. */
const PATIENCE = 10_000;

/** Node's limits, every one on purpose. */
export const SERVER_OPTIONS: ServerOptions = {
  // The request line and headers: 16 KiB hold any honest cookie; more is 431.
  maxHeaderSize: 16 * 1024,
  // From the connection's opening, or the next request's first byte, until the headers are whole; more is 408.
  headersTimeout: PATIENCE,
  // The same for the whole request, with its body.
  requestTimeout: PATIENCE,
  // How often the two are looked at. Node's default of 30 s would let slow sockets live for 40 s.
  connectionsCheckingInterval: 1_000,
  // Longer than a proxy keeps an idle connection (Skipper and Go's client: up to 60 s), so that it's the proxy who
  // closes: otherwise it may send a request just when we close, and the request is lost.
  keepAliveTimeout: 65_000,
  // Lets TCP find out that an idle peer has vanished without a word.
  keepAlive: true,
  keepAliveInitialDelay: 30_000,
  // A missing Host is answered by the same middleware as a bad one.
  requireHostHeader: false,
  insecureHTTPParser: false,
  // No stream is set up for the body of a request that has none.
  optimizeEmptyRequests: true,
};

/** Sets the limits that Node takes as properties only. */
export function limit(server: Server): void {
  // Cuts a client that doesn't take its answer, and comes last: whoever is slow to ask is told so by a 408 before.
  server.timeout = PATIENCE + 2_000;
  // Each costs some 10 KiB, so even this many fit into the pod's memory, and a thousand slow ones leave room.
  server.maxConnections = 4096;
  // No limit by count, the size limits it: headers beyond the count would be dropped unseen, a second Host among them.
  server.maxHeadersCount = 0;
  // 0 is no limit: a proxy's connections live as long as the proxy likes.
  server.maxRequestsPerSocket = 0;
}
