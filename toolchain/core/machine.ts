import { accessSync, constants, existsSync, statSync } from "node:fs";
import { delimiter, join } from "node:path";

/** What a machine has; where tools and images come from depends on it. */
export interface Machine {
  platform: NodeJS.Platform;
  arch: NodeJS.Architecture;
  /** True when this process runs as root. */
  root: boolean;
  /** The path of the go command, if there is one. */
  go: string | undefined;
  /** True when Debian's packages can be downloaded and installed. */
  apt: boolean;
}

/** The machine that this runs on. */
export function inspectMachine(): Machine {
  return {
    platform: process.platform,
    arch: process.arch,
    root: process.getuid?.() === 0,
    go: which("go") ?? usualGo(),
    apt: which("apt-get") !== undefined,
  };
}

/** The path of a command, as a shell finds it. */
export function which(name: string, path = process.env.PATH ?? ""): string | undefined {
  return path
    .split(delimiter)
    .filter((folder) => folder !== "")
    .map((folder) => join(folder, name))
    .find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** Where Go's own installer puts it; many PATHs lack that folder. */
function usualGo(): string | undefined {
  const file = "/usr/local/go/bin/go";
  return existsSync(file) ? file : undefined;
}
