import type { Machine } from "../core/machine.ts";
import type { Artifact } from "../go/artifact.ts";

/** An image that clusters need. It is pulled, or made on this machine. */
export interface Image {
  name: string;
  /** The key of everything that it is made from on this machine. */
  key: string;
  /** Its digest in its registry. @default none is pinned */
  digest: string | undefined;
  /** How much pulling it moves, about: the compressed size for one platform. */
  pullBytes: number;
  /** What is built before it, and goes into it. */
  artifacts: Artifact[];
  /** How long making it takes on two cores, once its artifacts are built. */
  knownSeconds: number;
  /** Returns what keeps it from being made on this machine, if anything. */
  obstacle(machine: Machine): string | undefined;
  /** Makes it, and puts it into the engine. */
  make(machine: Machine, log: string): Promise<void>;
}

/** The obstacle of images that are made from Debian's packages and libraries; undefined on Debian for amd64. */
export function needsDebian({ platform, arch, apt }: Machine): string | undefined {
  if (platform === "linux" && arch === "x64" && apt) return undefined;
  return "it can be made on Debian for amd64 only";
}
