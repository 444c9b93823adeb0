import type { EngineInfo } from "../../host/engine-info.ts";

/** False for engines in a virtual machine, such as Docker Desktop's. */
export const isOfThisKernel = ({ OperatingSystem = "" }: EngineInfo): boolean =>
  process.platform === "linux" && !OperatingSystem.includes("Docker Desktop");

/** The oldest engine that everything works with. */
const leastVersion = "20.10";
/** Before this version, engines that keep images in containerd refuse what Pulumi's docker plugin pushes. */
const leastVersionWithContainerdStore = "27.5";

/** What keeps the fleet from running on an engine, and what to do about it; undefined when nothing does. */
export function engineProblem(info: EngineInfo): string | undefined {
  const { ServerVersion: version = "", OSType: system = "linux" } = info;
  if (system !== "linux") {
    return `The Docker engine runs ${system} containers. Switch it to Linux containers, in Docker Desktop's menu.`;
  }
  if (isOlder(version, leastVersion)) {
    return `The Docker engine is of version ${version}; ${leastVersion} or newer is needed. Update it: ${docs}.`;
  }
  if (hasContainerdStore(info) && isOlder(version, leastVersionWithContainerdStore)) {
    return (
      `The Docker engine is of version ${version} and keeps images in containerd, where pushing fails before version ` +
      `${leastVersionWithContainerdStore}. Update it, or turn "Use containerd for pulling and storing images" off in ` +
      "Docker Desktop's settings."
    );
  }
  return undefined;
}

const docs = "https://docs.docker.com/engine/install/";

const hasContainerdStore = ({ DriverStatus }: EngineInfo): boolean =>
  (DriverStatus ?? []).some(([name, value]) => name === "driver-type" && value.startsWith("io.containerd.snapshotter"));

/** Compares major and minor version. A version of another form, such as a developer's build, counts as new enough. */
function isOlder(version: string, least: string): boolean {
  const [major, minor] = numbers(version);
  const [leastMajor, leastMinor] = numbers(least);
  if (major === undefined || leastMajor === undefined) return false;
  return major < leastMajor || (major === leastMajor && (minor ?? 0) < (leastMinor ?? 0));
}

const numbers = (version: string): number[] => (/^(\d+)\.(\d+)/.exec(version)?.slice(1) ?? []).map(Number);

/** Two clusters with their services need this much. */
const leastMemoryBytes = 2e9;

/** What the user should know of an engine that works all the same. */
export function engineAdvice({ MemTotal, OperatingSystem = "" }: EngineInfo): string | undefined {
  if (MemTotal === undefined || MemTotal >= leastMemoryBytes) return undefined;
  const place = OperatingSystem.includes("Docker Desktop") ? ": Settings, Resources" : "";
  return (
    `The Docker engine has ${(MemTotal / 1e9).toFixed(1)} GB of memory. Two clusters need about 2 GB; ` +
    `if they don't become ready, give it more${place}.`
  );
}
