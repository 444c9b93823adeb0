import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** Opens a connection for bytes that no HTTP client would send. @param host @default this machine */
export async function open(port: number, host?: string): Promise<Socket> {
  const socket = connect({ port, allowHalfOpen: true, host });
  await once(socket, "connect");
  return socket;
}

/** Sends bytes on a connection of their own, and returns what is received until the service closes it, as latin1. */
export async function sendRaw(port: number, bytes: string | Buffer): Promise<string> {
  const socket = await open(port);
  return finishRaw(socket, bytes);
}

/** Sends the last bytes on an open connection, and returns what is received until the service closes it, as latin1. */
export async function finishRaw(socket: Socket, bytes: string | Buffer): Promise<string> {
  const received: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => received.push(chunk));
  const closed = new Promise((resolve, reject) => {
    // The service may close the connection before it has read everything.
    const ignored = ["ECONNRESET", "EPIPE"];
    socket
      .on("close", resolve)
      .on("error", (error: NodeJS.ErrnoException) => ignored.includes(error.code ?? "") || reject(error));
  });
  socket.end(bytes);
  await closed;
  return Buffer.concat(received).toString("latin1");
}
