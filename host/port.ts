import { connect, createServer } from "node:net";
import { tryDocker } from "./docker.ts";

const connectDeadlineMilliseconds = 1000;

/** Ways to find out about a port that this process may not listen on. */
export interface PortLooks {
  /** True when something accepts a connection. */
  answers(): Promise<boolean>;
  /** True when a running container publishes the host's port, also one that accepts no connections yet. */
  isPublished(): Promise<boolean>;
}

/** True unless something listens on the port of the address already. */
export async function portIsFree(port: number, address = "127.0.0.1"): Promise<boolean> {
  const looks = { answers: () => answers(port, address), isPublished: () => isPublished(port) };
  return isFreeAfter(await tryToListen(port, address), looks);
}

/** Whether a port is free on which listening ended with this error's code; undefined where it succeeded. */
export async function isFreeAfter(code: string | undefined, looks: PortLooks): Promise<boolean> {
  if (code === "EADDRINUSE") return false;
  // Without root's rights, ports below 1024 can't be listened on, free or not.
  if (code === "EACCES") return !(await looks.answers()) && !(await looks.isPublished());
  // Whatever another error means, Docker will report it.
  return true;
}

/** The code of the error; undefined when it listened. */
async function tryToListen(port: number, host: string): Promise<string | undefined> {
  const server = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject).listen({ port, host, exclusive: true }, resolve);
    });
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? "unknown";
  } finally {
    server.close();
  }
}

async function answers(port: number, host: string): Promise<boolean> {
  const socket = connect({ port, host, timeout: connectDeadlineMilliseconds });
  try {
    return await new Promise<boolean>((resolve) => {
      socket.once("connect", () => resolve(true));
      for (const event of ["error", "timeout"]) socket.once(event, () => resolve(false));
    });
  } finally {
    socket.destroy();
  }
}

async function isPublished(port: number): Promise<boolean> {
  const { stdout } = await tryDocker(["ps", "--quiet", "--filter", `publish=${port}/tcp`]);
  return stdout !== "";
}
