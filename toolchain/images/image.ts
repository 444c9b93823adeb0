import type { Machine } from "../core/machine.ts";
import type { Artifact } from "../go/artifact.ts";

/** An image that the fleet runs on. */
export interface Image {
  name: string;
  /** Names all that it is made from, where it is made here. */
  key: string;
  /** An address that answers where the image can be pulled. */
  registry: string;
  /** The programs that go into it. */
  artifacts: Artifact[];
  /** How long the rest takes, on two cores. */
  knownSeconds: number;
  /** What keeps it from being made on this machine, if anything. */
  obstacle(machine: Machine): string | undefined;
  make(machine: Machine, log: string): Promise<void>;
}

/** What most images need to be made: programs and libraries are taken from a Debian of this kind. */
export function needsDebian({ platform, arch, apt }: Machine): string | undefined {
  if (platform === "linux" && arch === "x64" && apt) return undefined;
  return "it can be made on Debian for amd64 only";
}
