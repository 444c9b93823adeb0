import { createServer, type RequestListener, type Server, type ServerOptions, STATUS_CODES } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { errorBody } from "./answer.ts";
import { limitServer, serverOptions } from "./server-limits.ts";

/** How long a client may take to read a refusal before its connection is cut. */
const refusalMilliseconds = 1_000;

/** The status for an error code of Node's HTTP parser or its timers, where it is not 400. */
const statusOfCode: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

/**
 * Creates an HTTP server with our limits. Even what can't be parsed as a request is answered with JSON.
 *
 * @param onRefused called with the status of every refusal that the listener doesn't see. @default does nothing
 * @param options other limits. @default {@link serverOptions}
 */
export function createHttpServer(
  listener: RequestListener,
  onRefused: (status: number) => void = () => undefined,
  options: ServerOptions = serverOptions,
): Server {
  const server = createServer(options, listener);
  limitServer(server);

  const refuse = (socket: Duplex, status: number, headers = ""): void => {
    onRefused(status);
    const cut = setTimeout(() => socket.destroy(), refusalMilliseconds);
    socket.once("close", () => clearTimeout(cut));
    socket.end(rawAnswer(status, headers), () => socket.destroy());
  };

  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    const code = error.code ?? "";
    const isProtocol = code.startsWith("HPE_") || code.startsWith("ERR_HTTP_");
    if (isProtocol && socket.writable) refuse(socket, statusOfCode[code] ?? 400);
    else socket.destroy();
  });
  // Only a proxy can serve CONNECT. Without a listener, Node would close the connection without an answer.
  server.on("connect", (_request, socket) => {
    socket.on("error", () => socket.destroy());
    refuse(socket, 405, "Allow: GET, HEAD, OPTIONS\r\n");
  });
  // An unknown expectation may be ignored (RFC 9110, 10.1.1). Without a listener, Node would answer it by itself.
  server.on("checkExpectation", listener);
  return server;
}

/** An answer for a connection that has no response object, and that is closed after it. */
function rawAnswer(status: number, headers: string): string {
  const body = errorBody(status);
  return (
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? "Error"}\r\n${headers}Connection: close\r\n` +
    `Content-Type: application/json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
  );
}

/**
 * Opens the port on all addresses.
 *
 * @param port 0 lets the system pick a free one
 * @returns the port
 * @throws the error of `server.listen`, such as EADDRINUSE
 */
export async function listen(server: Server, port: number): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  server.once("error", reject);
  server.listen(port, () => resolve(undefined));
  await promise;
  server.off("error", reject);
  return (server.address() as AddressInfo).port;
}
