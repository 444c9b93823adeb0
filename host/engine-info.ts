import { docker, settingsOfDocker } from "./docker.ts";

/** What `docker info` says about an engine, as far as it is read here. */
export interface EngineInfo {
  /** The same for as long as the engine keeps its data; empty where it tells none. */
  ID?: string;
  /** The name of the machine that it runs on. */
  Name?: string;
  ServerVersion?: string;
  /** The system of its containers: `linux` or `windows`. */
  OSType?: string;
  /** Such as `Debian GNU/Linux 12` or `Docker Desktop`. */
  OperatingSystem?: string;
  /** Pairs of a name and a value. */
  DriverStatus?: [string, string][] | null;
  NCPU?: number;
  /** Bytes of memory. */
  MemTotal?: number;
  /** Where it keeps images and containers, on its own machine. */
  DockerRootDir?: string;
  Runtimes?: Record<string, { path?: string } | undefined> | null;
  HttpProxy?: string;
  HttpsProxy?: string;
  RegistryConfig?: { Mirrors?: string[] | null } | null;
}

/** What engines have answered, by what decides which one is asked. */
const answers = new Map<string, Promise<EngineInfo>>();

/**
 * What the engine says about itself. It is asked once: none of this changes while a command runs.
 *
 * @throws CommandError when no engine answers
 */
export function engineInfo(): Promise<EngineInfo> {
  const key = settingsOfDocker();
  const known = answers.get(key);
  if (known !== undefined) return known;
  const answer = ask().then((info) => {
    // Without an engine, the docker command may print zeros instead of failing.
    if (!info.ServerVersion) answers.delete(key);
    return info;
  });
  answers.set(key, answer);
  answer.catch(() => answers.delete(key));
  return answer;
}

const ask = async (): Promise<EngineInfo> => JSON.parse(await docker(["info", "--format", "{{json .}}"])) as EngineInfo;
