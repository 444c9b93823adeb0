import type { Machine } from "../core/machine.ts";
import { requiredGo } from "../go/required-go.ts";

/** What the source of a tool depends on. */
export interface ToolFacts {
  name: string;
  version: string;
  /** The folder where the user has it in the right version, if any. */
  installed: string | undefined;
  /** True when its download is in the cache. */
  downloaded: boolean;
  /** True when all that is built for it is in the cache. */
  built: boolean;
  /** Its download for this platform, if its project publishes one. */
  url: string | undefined;
  /** Why the server of the download can't be used. @default it can, or nobody asked it */
  unreachable: string | undefined;
  /** What replaces a download that can't be had. */
  otherwise: "build" | "stand-in";
}

/** Where a tool comes from. */
export type ToolSource =
  | { from: "installed"; folder: string }
  | { from: "download" }
  | { from: "build" }
  | { from: "stand-in" }
  | { from: "nowhere"; why: string };

/** Prefers what exists already, then the project's own release, then what can be built from package registries. */
export function chooseToolSource(tool: ToolFacts, machine: Pick<Machine, "go">): ToolSource {
  if (tool.installed !== undefined) return { from: "installed", folder: tool.installed };
  if (tool.downloaded) return { from: "download" };
  if (tool.otherwise === "build" && tool.built) return { from: "build" };
  if (tool.url !== undefined && tool.unreachable === undefined) return { from: "download" };
  if (tool.otherwise === "stand-in") return { from: "stand-in" };
  if (machine.go !== undefined) return { from: "build" };
  return { from: "nowhere", why: whyNowhere(tool) };
}

function whyNowhere({ name, version, url, unreachable }: ToolFacts): string {
  const cause = `${url} can't be used (${unreachable})`;
  const download = url === undefined ? "its project publishes none for this platform" : cause;
  return (
    `${name} ${version}: it is not on the PATH, ${download}, and there is no Go to build it with. ` +
    `Install it, or get ${requiredGo.name} from ${requiredGo.url}.`
  );
}
