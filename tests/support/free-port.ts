import { registryPort } from "../../config/host-ports.ts";
import { portIsFree } from "../../host/port.ts";

/** The ports to choose from. They and their registries' are below those that systems use for outgoing connections. */
const lowest = 20_000;
const highest = 24_999;

/** The ports that this process has used already. */
const used = new Set<number>();

/** A port of the host that is free, for a cluster whose registry's port is free, too. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < 100; tries++) {
    const port = lowest + Math.floor(Math.random() * (highest - lowest + 1));
    if (used.has(port)) continue;
    used.add(port);
    if ((await portIsFree(port)) && (await portIsFree(registryPort({ httpPort: port })))) return port;
  }
  throw new Error(`no free port from ${lowest} to ${highest}`);
}
