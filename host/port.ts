import { createServer } from "node:net";

/** True unless something listens on the port of the address already. */
export async function portIsFree(port: number, address = "127.0.0.1"): Promise<boolean> {
  const server = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject).listen({ port, host: address, exclusive: true }, resolve);
    });
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Without root's rights, ports below 1024 fail with EACCES, free or not. Docker reports a taken one later.
    return code !== "EADDRINUSE";
  } finally {
    server.close();
  }
}
