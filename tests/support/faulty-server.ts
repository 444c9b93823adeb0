import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";

/** A web server whose answers each test decides. */
export interface FaultyServer {
  /** Its URL, without a slash at the end. */
  readonly url: string;
  /** What was asked: the path, or for a proxy the whole URL, with the Authorization header after it, if any. */
  readonly requested: readonly string[];
  /** Sets the answers, one for each request; the last one goes on. */
  answer(...answers: RequestListener[]): void;
}

/**
 * Gives each test of the suite that calls this a web server of its own.
 *
 * @param tls the key and certificate of an HTTPS server. @default plain HTTP
 */
export function useFaultyServer(tls?: () => { key: string; cert: string }): FaultyServer {
  let server: Server;
  let answers: RequestListener[] = [];
  const running = {
    url: "",
    requested: [] as string[],
    answer(...next: RequestListener[]) {
      answers = next;
    },
  };
  beforeEach(async () => {
    running.requested = [];
    const listener: RequestListener = (request, response) => {
      running.requested.push([request.url, request.headers.authorization].filter(Boolean).join(" "));
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      answer?.(request, response);
    };
    server = tls === undefined ? createServer(listener) : createTlsServer(tls(), listener);
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    const scheme = tls === undefined ? "http" : "https";
    running.url = `${scheme}://localhost:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });
  return running;
}

/** Answers with a body. */
export const body =
  (text: string): RequestListener =>
  (_request, response) =>
    void response.writeHead(200, { "content-length": text.length }).end(text);

/** Answers with a status, and perhaps headers. */
export const status =
  (code: number, headers: Record<string, string> = {}): RequestListener =>
  (_request, response) =>
    void response.writeHead(code, headers).end("<html>no</html>");

/** Cuts the connection in the middle of a body. */
export const cut: RequestListener = (_request, response) => {
  response.writeHead(200, { "content-length": 1000 });
  response.write("#!/bin", () => response.destroy());
};

/** Sends a part of a body, and then nothing more. */
export const stall: RequestListener = (_request, response) => {
  response.writeHead(200, { "content-length": 1000 });
  response.write("#!/bin");
};
