import { createServer } from "node:net";

/** True when a server can listen on the port of the address; the port is free again when this returns. */
export async function portIsFree(port: number, address = "127.0.0.1"): Promise<boolean> {
  const server = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject).listen({ port, host: address, exclusive: true }, resolve);
    });
    return true;
  } catch (failure) {
    const { code } = failure as NodeJS.ErrnoException;
    // Without the right to listen below 1024 nothing can be told; Docker, which has it, will.
    return code !== "EADDRINUSE";
  } finally {
    server.close();
  }
}
