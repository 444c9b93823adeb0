import { type RequestListener, type Server, type ServerOptions, STATUS_CODES, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { errorBody } from "./answer.ts";
import { SERVER_OPTIONS, limit } from "./limits.ts";

/** Milliseconds for a client to take the last answer before its connection is cut. */
const LAST_WORD = 1_000;

/** What the parser and the timers of `node:http` report, and what it means to the client. */
const STATUS_OF_ERROR: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

/**
 * Makes an HTTP server with our limits, which answers what is no request at all with JSON too.
 *
 * @param onRefused told the status of every refusal that never becomes a request. @default tells nobody
 * @param options other limits. @default {@link SERVER_OPTIONS}
 */
export function createHttpServer(
  listener: RequestListener,
  onRefused: (status: number) => void = () => undefined,
  options: ServerOptions = SERVER_OPTIONS,
): Server {
  const server = createServer(options, listener);
  limit(server);

  const refuse = (socket: Duplex, status: number, headers = ""): void => {
    onRefused(status);
    const cut = setTimeout(() => socket.destroy(), LAST_WORD);
    socket.once("close", () => clearTimeout(cut));
    socket.end(rawAnswer(status, headers), () => socket.destroy());
  };

  server.on("clientError", (err: NodeJS.ErrnoException, socket) => {
    const code = err.code ?? "";
    const isProtocol = code.startsWith("HPE_") || code.startsWith("ERR_HTTP_");
    if (isProtocol && socket.writable) refuse(socket, STATUS_OF_ERROR[code] ?? 400);
    else socket.destroy();
  });
  // We are nobody's proxy. Node would close the connection without a word.
  server.on("connect", (_request, socket) => {
    socket.on("error", () => socket.destroy());
    refuse(socket, 405, "Allow: GET, HEAD, OPTIONS\r\n");
  });
  // An expectation that we don't know may be ignored (RFC 9110, 10.1.1); Node would answer around the app.
  server.on("checkExpectation", listener);
  return server;
}

/** An answer for a connection that has no response object, and that closes with it. */
function rawAnswer(status: number, headers: string): string {
  const body = errorBody(status);
  return (
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? "Error"}\r\n${headers}Connection: close\r\n` +
    `Content-Type: application/json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
  );
}

/**
 * Opens the port, on all addresses.
 * @returns the port, which the system picks if 0 was asked for
 * @throws what `listen` meets, such as EADDRINUSE
 */
export async function listen(server: Server, port: number): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  server.once("error", reject);
  server.listen(port, () => resolve(undefined));
  await promise;
  server.off("error", reject);
  return (server.address() as AddressInfo).port;
}
