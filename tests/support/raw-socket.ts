import { once } from "node:events";
import { type Socket, connect } from "node:net";

/** Opens a connection for bytes that no HTTP client would send. @param host @default this machine */
export async function open(port: number, host?: string): Promise<Socket> {
  const socket = connect({ port, allowHalfOpen: true, ...(host === undefined ? {} : { host }) });
  await once(socket, "connect");
  return socket;
}

/** Sends bytes on a connection of their own, and reads until the service closes it. */
export async function sendRaw(port: number, bytes: string | Buffer): Promise<string> {
  const socket = await open(port);
  return finishRaw(socket, bytes);
}

/** Sends the last bytes on an open connection, and reads until the service closes it. */
export async function finishRaw(socket: Socket, bytes: string | Buffer): Promise<string> {
  const received: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => received.push(chunk));
  const closed = new Promise((resolve, reject) => {
    // The service may hang up before it has read all.
    socket
      .on("close", resolve)
      .on(
        "error",
        (error: NodeJS.ErrnoException) => ["ECONNRESET", "EPIPE"].includes(error.code ?? "") || reject(error),
      );
  });
  socket.end(bytes);
  await closed;
  return Buffer.concat(received).toString("latin1");
}
