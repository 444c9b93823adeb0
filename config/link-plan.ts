import { isIP } from "node:net";
import { withoutUndefined } from "../host/without-undefined.ts";
import { plainAddress, unreachableAddress } from "./addresses.ts";
import { isDnsName } from "./check-names.ts";
import { isNodeOf } from "./cluster-config.ts";
import { show } from "./wording.ts";

/** The port on which pods call an alias, whatever its target is. */
export const aliasPort = 80;

/** The ways in which an alias can lead to a URL of another cluster. */
export const linkWays = ["externalName", "endpoints", "proxy"] as const;

/**
 * `externalName`: a DNS alias; `endpoints`: a Service with the target's address in an EndpointSlice; `proxy`: a proxy in
 * the calling cluster, which sends the target's host name and speaks TLS for the caller.
 */
export type LinkWay = (typeof linkWays)[number];

/** The parts of a target's URL. */
interface LinkTarget {
  /** The URL without a trailing slash or a default port. */
  url: string;
  protocol: "http:" | "https:";
  /** A DNS name without a trailing dot, or an address without brackets. */
  host: string;
  port: number;
  /** The address's family. @default none: the host is a name */
  ipFamily?: 4 | 6;
}

/** How an alias is made for a target. */
export interface LinkPlan extends LinkTarget {
  way: LinkWay;
  /** The Host header that the target receives. @default the URL's host by a proxy, otherwise what the caller sends */
  hostHeader?: string;
  /** Why this way, in words for people. */
  reason: string;
}

/** A URL that no link can lead to, or not in the way that was asked for. The message never holds credentials. */
export class LinkPlanError extends Error {
  override readonly name = "LinkPlanError";
  /** The setting to change. */
  readonly setting: "url" | "via";

  constructor(setting: "url" | "via", shown: string, why: string, remedy: string) {
    super(`${show(shown)} ${why}: write ${remedy}`);
    this.setting = setting;
  }
}

/** The remedy where the URL itself gives no better hint. */
const anyReachableUrl = "the URL that other clusters reach, such as http://cluster2-control-plane";

/** What is asked of a link. */
export interface LinkOptions {
  /** Forces a way. @default the simplest that is right for the URL */
  via?: LinkWay;
  /** The host under which the target's ingress knows the service. @default the URL's */
  host?: string;
}

/**
 * Decides how callers of an alias on port 80 get to a URL of another cluster.
 *
 * @throws LinkPlanError when the URL can't be reached from another cluster, or not in the forced way
 */
export function planLink(url: string, options: LinkOptions = {}): LinkPlan {
  const target = readTarget(url);
  const hostHeader = options.host === target.host ? undefined : options.host;
  const simplest = simplestWay(target, hostHeader);
  const way = options.via ?? simplest.way;
  if (way === simplest.way) return withoutUndefined({ ...target, ...simplest, hostHeader });
  const conflict = conflictWith(way, target, hostHeader);
  if (conflict !== undefined) {
    const remedy = `"via: ${simplest.way}", or leave via out`;
    throw new LinkPlanError("via", way, `can't lead to ${target.url}, ${conflict}`, remedy);
  }
  return withoutUndefined({
    ...target,
    way,
    reason: `via: ${way} asks for it, although ${simplest.reason}`,
    hostHeader,
  });
}

/** The settings of a peer, and of the cluster that calls it, that a plan has to agree with; unchecked, as written. */
export interface PlanContext {
  alias: unknown;
  caCertificate: unknown;
  clusterIpFamily: unknown;
  /** @default no check that the link leads to another cluster */
  clusterName?: unknown;
  /** Where others reach the calling cluster. @default none is set */
  exposedUrl?: unknown;
}

/** What keeps an alias from being made as planned, each with the peer's setting to change. Empty when nothing does. */
export function planProblems(
  plan: LinkPlan,
  { alias, caCertificate, clusterIpFamily, clusterName, exposedUrl }: PlanContext,
): { setting: "alias" | "url" | "caCertificate"; message: string }[] {
  const { way, protocol, host, url, ipFamily } = plan;
  const problems: ReturnType<typeof planProblems> = [];
  if (protocol === "http:" && caCertificate !== undefined) {
    const message = `${show(url)} has no certificate to verify: leave caCertificate out, or write an https URL`;
    problems.push({ setting: "caCertificate", message });
  }
  // A proxy resolves names in its own namespace first.
  if (way === "proxy" && host === alias) {
    const why = `${show(alias)} is also the name in ${url}, so its proxy would call itself`;
    problems.push({ setting: "alias", message: `${why}: write another alias` });
  }
  if (leadsBack(plan, clusterName, exposedUrl)) {
    const remedy = "write another's, or call the service by its own name";
    problems.push({ setting: "url", message: `${show(url)} is this stack's own cluster: ${remedy}` });
  }
  if (ipFamily === 6 && clusterIpFamily !== "dual" && clusterIpFamily !== "ipv6") {
    const isMadeHere = typeof clusterName === "string";
    const why = `${url} is an IPv6 address, and this cluster has IPv4 only`;
    const effect = isMadeHere ? ", which makes it anew" : ", if its pods have IPv6 addresses, too";
    problems.push({ setting: "url", message: `${why}: write "ipFamily: dual" into cluster${effect}` });
  }
  if (ipFamily === 4 && clusterIpFamily === "ipv6") {
    const why = `${url} is an IPv4 address, and this cluster has IPv6 only`;
    problems.push({ setting: "url", message: `${why}: write a name, or an IPv6 address` });
  }
  return problems;
}

/** Whether a target is the calling cluster itself, as far as its configuration tells. */
function leadsBack({ host, url }: LinkPlan, clusterName: unknown, exposedUrl: unknown): boolean {
  if (typeof clusterName === "string" && isNodeOf(clusterName, host)) return true;
  return (
    typeof exposedUrl === "string" && URL.canParse(exposedUrl) && new URL(exposedUrl).origin === new URL(url).origin
  );
}

function simplestWay(target: LinkTarget, hostHeader?: string): { way: LinkWay; reason: string } {
  const { protocol, host, port, ipFamily } = target;
  if (hostHeader !== undefined) {
    return { way: "proxy", reason: `callers send the alias as Host, and the service is found under ${hostHeader}` };
  }
  if (protocol === "https:") {
    return { way: "proxy", reason: `callers speak plain HTTP, and ${host} wants TLS under its own name` };
  }
  if (ipFamily !== undefined) {
    return { way: "endpoints", reason: `${host} is an IPv${ipFamily} address, which DNS can't make an alias of` };
  }
  if (port !== aliasPort) {
    return { way: "proxy", reason: `callers use port ${aliasPort}, and ${host} listens on ${port}` };
  }
  if (host.includes(".")) {
    return { way: "proxy", reason: `${host} may share its address with other sites, told apart by the Host header` };
  }
  return { way: "externalName", reason: `${host} is a plain name on port ${aliasPort}` };
}

/** What makes a way impossible for a target. */
function conflictWith(
  way: LinkWay,
  { protocol, host, port, ipFamily }: LinkTarget,
  hostHeader?: string,
): string | undefined {
  if (way === "proxy") return undefined;
  if (hostHeader !== undefined) return `where the service is found under the host ${hostHeader} only`;
  if (protocol === "https:") return "which wants TLS, while callers speak plain HTTP";
  if (way === "endpoints") return ipFamily === undefined ? `since ${host} is a name, not an address` : undefined;
  if (ipFamily !== undefined) return `since ${host} is an address, which DNS can't make an alias of`;
  return port === aliasPort ? undefined : `since DNS knows no ports, and ${host} listens on ${port}`;
}

function readTarget(text: string): LinkTarget {
  const shown = text.replace(/^([a-z]+:\/\/)?[^]*@/i, "$1…@");
  const refuse = (why: string, remedy = anyReachableUrl) => new LinkPlanError("url", shown, why, remedy);
  if (text === "" || /\s/.test(text)) throw refuse("is empty, or has white space in it");
  const parsed = URL.canParse(text) ? new URL(text) : undefined;
  const { protocol } = parsed ?? {};
  if (!parsed || (protocol !== "http:" && protocol !== "https:") || !/^https?:\/\//i.test(text)) {
    throw refuse("is not a URL that starts with http:// or https://");
  }
  const host = plainAddress(parsed.hostname.replace(/^\[(.*)\]$/, "$1").replace(/\.$/, ""));
  const family = isIP(host);
  const ipFamily = family === 4 || family === 6 ? family : undefined;
  const unreachable = ipFamily === undefined ? unreachableName(host) : unreachableAddress(host);
  if (unreachable !== undefined) throw refuse(`can't be reached from another cluster: ${host} is ${unreachable}`);

  const bare = `${protocol}//${parsed.host}`;
  if (text.includes("@")) throw refuse("holds credentials, which every pod could read", bare);
  if (parsed.pathname !== "/" || /[?#]/.test(text)) {
    throw refuse("has more than scheme, host and port: an alias stands for the whole site", bare);
  }
  const port = parsed.port === "" ? { "http:": 80, "https:": 443 }[protocol] : Number(parsed.port);
  if (port === 0) throw refuse("has port 0, where nothing can listen", `${protocol}//${parsed.hostname}`);

  const authority = (ipFamily === 6 ? `[${host}]` : host) + (parsed.port && `:${parsed.port}`);
  return withoutUndefined({ url: `${protocol}//${authority}`, protocol, host, port, ipFamily });
}

/** Why other clusters can't resolve a name, or resolve it to something else: completes "localhost is …". */
function unreachableName(host: string): string | undefined {
  if (/(^|\.)localhost(\.localdomain)?$/.test(host)) return "whatever machine or pod asks";
  if (/(^|\.)(svc|cluster\.local)$/.test(host)) return "a name inside one cluster, and another one in the next";
  return isDnsName(host) ? undefined : "not a DNS name";
}
