import { docker, unlessUnreachable } from "../../host/docker.ts";
import type { Machine } from "./capacity.ts";

/** The machine that the Docker engine runs on; undefined when no engine answers. @throws CommandError */
export async function engineMachine(): Promise<Machine | undefined> {
  const info = await unlessUnreachable(docker(["info", "--format", "{{.NCPU}} {{.MemTotal}}"]));
  const [cpus = 0, memoryBytes = 0] = info?.split(" ").map(Number) ?? [];
  // Without an engine, the docker command may print zeros instead of failing.
  return cpus > 0 && memoryBytes > 0 ? { cpus, memoryBytes } : undefined;
}
