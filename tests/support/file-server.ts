import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** A web server on this machine. */
export interface FileServer {
  /** Its URL, without a slash at the end. */
  readonly url: string;
  /** The paths that were requested, in their order. */
  readonly requested: readonly string[];
}

/**
 * Gives each test of the suite that calls this a web server of its own.
 *
 * @param files the body of each path; the server answers 404 for others
 */
export function useFileServer(files: Readonly<Record<string, string>>): FileServer {
  let server: Server;
  const running = { url: "", requested: [] as string[] };
  beforeEach(async () => {
    running.requested = [];
    server = createServer(({ url = "" }, response) => {
      running.requested.push(url);
      const body = files[url];
      if (body === undefined) response.writeHead(404).end();
      else response.writeHead(200, { "content-length": Buffer.byteLength(body) }).end(body);
    });
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    running.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => void server.close());
  return running;
}
