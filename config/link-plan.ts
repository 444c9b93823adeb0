import { isIP } from "node:net";
import { plainAddress, unreachableAddress } from "./addresses.ts";
import { isDnsName } from "./check-names.ts";
import { show } from "./wording.ts";

/** The ways in which an alias can stand for a URL of another cluster. */
export const linkWays = ["externalName", "endpoints", "proxy"] as const;

/** A DNS alias, a Service with the target's address in an EndpointSlice, or a proxy in the cluster that calls. */
export type LinkWay = (typeof linkWays)[number];

/** What a target is, taken apart. */
interface Target {
  /** The URL without a trailing slash or a default port. */
  url: string;
  protocol: "http:" | "https:";
  /** A DNS name without a trailing dot, or an address without brackets. */
  host: string;
  port: number;
  /** Set when the host is an address. */
  ipFamily?: 4 | 6;
}

/** How an alias is made for a target. */
export interface LinkPlan extends Target {
  way: LinkWay;
  /** Why this way, for people. */
  reason: string;
}

/** A URL that can't be a peer's, or not in the way that was asked for. The message never holds credentials. */
export class TargetError extends Error {
  override readonly name = "TargetError";
  /** Which of the two settings is at fault. */
  readonly setting: "url" | "via";

  constructor(setting: "url" | "via", shown: string, why: string, remedy: string) {
    super(`${show(shown)} ${why}: write ${remedy}`);
    this.setting = setting;
  }
}

/** What another cluster can reach, for those whose URL gives no better hint. */
const example = "the URL that other clusters reach, such as http://cluster2-control-plane";

/**
 * Decides how callers of an alias on port 80 get to a URL of another cluster.
 *
 * @param options.via forces a way. @default the simplest that is right for the URL
 * @throws TargetError when the URL can't be reached from another cluster, or not in the forced way
 */
export function planLink(url: string, options: { via?: LinkWay } = {}): LinkPlan {
  const target = readTarget(url);
  const simplest = simplestWay(target);
  const way = options.via ?? simplest.way;
  if (way === simplest.way) return { ...target, ...simplest };
  const conflict = conflictWith(way, target);
  if (conflict !== undefined) {
    const remedy = `"via: ${simplest.way}", or leave via out`;
    throw new TargetError("via", way, `can't lead to ${target.url}, ${conflict}`, remedy);
  }
  return { ...target, way, reason: `via: ${way} asks for it, although ${simplest.reason}` };
}

/**
 * What keeps an alias of a cluster from being made as planned, and the peer's setting at fault; undefined when nothing.
 *
 * @param clusterFamily the cluster's `ipFamily`
 */
export function planFault(
  { way, host, url, ipFamily }: LinkPlan,
  alias: unknown,
  clusterFamily: unknown,
): { setting: "alias" | "url"; message: string } | undefined {
  // A proxy resolves names in its own namespace first.
  if (way === "proxy" && host === alias)
    return {
      setting: "alias",
      message: `${show(alias)} is also the name in ${url}, so its proxy would call itself: write another alias`,
    };
  if (ipFamily !== 6 || clusterFamily === "dual") return undefined;
  return {
    setting: "url",
    message: `${url} is an IPv6 address, and this cluster has IPv4 only: write "ipFamily: dual" into cluster, which makes it anew`,
  };
}

function simplestWay(target: Target): { way: LinkWay; reason: string } {
  const { protocol, host, port, ipFamily } = target;
  if (protocol === "https:") {
    return { way: "proxy", reason: `callers speak plain HTTP, and ${host} wants TLS under its own name` };
  }
  if (ipFamily !== undefined) {
    return { way: "endpoints", reason: `${host} is an IPv${ipFamily} address, which DNS can't make an alias of` };
  }
  if (port !== 80) return { way: "proxy", reason: `callers use port 80, and ${host} listens on ${port}` };
  if (host.includes(".")) {
    return { way: "proxy", reason: `${host} may share its address with other sites, told apart by the Host header` };
  }
  return { way: "externalName", reason: `${host} is a plain name on port 80` };
}

/** What makes a way impossible for a target. */
function conflictWith(way: LinkWay, { protocol, host, port, ipFamily }: Target): string | undefined {
  if (way === "proxy") return undefined;
  if (protocol === "https:") return "which wants TLS, while callers speak plain HTTP";
  if (way === "endpoints") return ipFamily === undefined ? `since ${host} is a name, not an address` : undefined;
  if (ipFamily !== undefined) return `since ${host} is an address, which DNS can't make an alias of`;
  return port === 80 ? undefined : `since DNS knows no ports, and ${host} listens on ${port}`;
}

function readTarget(text: string): Target {
  const shown = text.replace(/^([a-z]+:\/\/)?[^]*@/i, "$1…@");
  const refuse = (why: string, remedy = example) => new TargetError("url", shown, why, remedy);
  if (text === "" || /\s/.test(text)) throw refuse("is empty, or has white space in it");
  const parsed = URL.canParse(text) ? new URL(text) : undefined;
  const { protocol } = parsed ?? {};
  if (!parsed || (protocol !== "http:" && protocol !== "https:") || !/^https?:\/\//i.test(text)) {
    throw refuse("is not a URL that starts with http:// or https://");
  }
  const host = plainAddress(parsed.hostname.replace(/^\[(.*)\]$/, "$1").replace(/\.$/, ""));
  const family = isIP(host);
  const ipFamily = family === 4 || family === 6 ? family : undefined;
  const fault = ipFamily === undefined ? nameFault(host) : unreachableAddress(host);
  if (fault !== undefined) throw refuse(`can't be reached from another cluster: ${host} is ${fault}`);

  const bare = `${protocol}//${parsed.host}`;
  if (text.includes("@")) throw refuse("holds credentials, which every pod could read", bare);
  if (parsed.pathname !== "/" || /[?#]/.test(text)) {
    throw refuse("has more than scheme, host and port: an alias stands for the whole site", bare);
  }
  const port = parsed.port === "" ? { "http:": 80, "https:": 443 }[protocol] : Number(parsed.port);
  if (port === 0) throw refuse("has port 0, where nothing can listen", `${protocol}//${parsed.hostname}`);

  const authority = (ipFamily === 6 ? `[${host}]` : host) + (parsed.port && `:${parsed.port}`);
  return { url: `${protocol}//${authority}`, protocol, host, port, ...(ipFamily && { ipFamily }) };
}

/** What a name is when no other cluster can resolve it to this one. */
function nameFault(host: string): string | undefined {
  if (/(^|\.)localhost(\.localdomain)?$/.test(host)) return "whatever machine or pod asks";
  if (/(^|\.)(svc|cluster\.local)$/.test(host)) return "a name inside one cluster, and another one in the next";
  return isDnsName(host) ? undefined : "not a DNS name";
}
