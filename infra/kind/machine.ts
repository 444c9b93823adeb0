import { unlessUnreachable } from "../../host/docker.ts";
import { engineInfo } from "../../host/engine-info.ts";
import type { Machine } from "./capacity.ts";

/** The machine that the Docker engine runs on; undefined when no engine answers. @throws CommandError */
export async function engineMachine(): Promise<Machine | undefined> {
  const { NCPU: cpus = 0, MemTotal: memoryBytes = 0 } = (await unlessUnreachable(engineInfo())) ?? {};
  // Without an engine, the docker command may print zeros instead of failing.
  return cpus > 0 && memoryBytes > 0 ? { cpus, memoryBytes } : undefined;
}
