import { accessSync, constants, existsSync, statSync } from "node:fs";
import { delimiter, join } from "node:path";

/** What the choices depend on. */
export interface Machine {
  platform: NodeJS.Platform;
  arch: NodeJS.Architecture;
  root: boolean;
  /** The go command, where there is one. */
  go: string | undefined;
  /** Whether Debian's packages can be had. */
  apt: boolean;
}

/** Looks at the machine that this runs on. */
export function inspectMachine(): Machine {
  return {
    platform: process.platform,
    arch: process.arch,
    root: process.getuid?.() === 0,
    go: which("go") ?? firstExisting("/usr/local/go/bin/go"),
    apt: which("apt-get") !== undefined,
  };
}

/** The file that a command's name stands for. */
export function which(name: string, path = process.env["PATH"] ?? ""): string | undefined {
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

const firstExisting = (...files: string[]): string | undefined => files.find((file) => existsSync(file));
