import type { Machine } from "../core/machine.ts";

/** What is known of one tool, before it is decided where it comes from. */
export interface Possibilities {
  name: string;
  version: string;
  /** The folder where it is found already, in a good version. */
  present: string | undefined;
  /** Whether its download is in the cache. */
  downloaded: boolean;
  /** Whether what can be built of it is in the cache. */
  built: boolean;
  /** Where it may be downloaded for this platform. */
  url: string | undefined;
  /** Whether that answers. */
  reachable: boolean;
  /** How it is made where it can't be downloaded. */
  otherwise: "build" | "stand-in";
}

/** Where a tool comes from. */
export type Choice =
  | { from: "present"; folder: string }
  | { from: "download" }
  | { from: "build" }
  | { from: "stand-in" }
  | { from: "nowhere"; why: string };

/** What is there already; else what its project publishes; else what can be made from package registries. */
export function choose(tool: Possibilities, machine: Pick<Machine, "go">): Choice {
  if (tool.present !== undefined) return { from: "present", folder: tool.present };
  if (tool.downloaded) return { from: "download" };
  if (tool.otherwise === "build" && tool.built) return { from: "build" };
  if (tool.reachable) return { from: "download" };
  if (tool.otherwise === "stand-in") return { from: "stand-in" };
  if (machine.go !== undefined) return { from: "build" };
  return { from: "nowhere", why: whyNowhere(tool) };
}

function whyNowhere({ name, version, url }: Possibilities): string {
  const download = url === undefined ? "its project publishes none for this platform" : `${url} can't be reached`;
  return (
    `${name} ${version}: it is not on the PATH, ${download}, and there is no Go to build it with. ` +
    "Install it, or get Go 1.26 or newer from https://go.dev/dl/."
  );
}
