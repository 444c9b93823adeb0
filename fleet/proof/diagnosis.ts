import type { AnswerRule } from "../../config/prove-config.ts";
import { localStackName } from "../../config/stack-name.ts";
import { upCommand } from "../../config/wording.ts";
import { strangersText } from "../../host/strangers-text.ts";
import type { PeerOutput } from "../../stacks/outputs.ts";
import { type Answer, type CallReport, headerOf } from "./call-from-pod.ts";
import { judge } from "./judge.ts";

/** What is wrong with a link, and at which hop. */
export interface LinkProblem {
  /** Where the call ended. `caller`: no pod could call. */
  hop: "caller" | "alias" | "target" | "refused" | "timeout" | "tls" | "redirect" | "host" | "loop" | "identity";
  message: string;
}

const refused = new Set(["ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH", "ECONNRESET"]);
const timedOut = new Set(["ABORT_ERR", "ETIMEDOUT", "UND_ERR_CONNECT_TIMEOUT"]);
const unresolved = new Set(["ENOTFOUND", "EAI_AGAIN", "ESERVFAIL"]);
const gatewayErrors = new Set([502, 503, 504]);

/** Finds the hop at which a link fails; undefined when the right service answers every call. */
export function diagnose(report: CallReport, peer: PeerOutput, rule: AnswerRule): LinkProblem | undefined {
  const target = peer.url ?? "its target";
  if (report.address === undefined) return unresolvedProblem(report, peer, target);
  // A proxy has the call first.
  const first = peer.way === "proxy" ? `the proxy ${peer.namespace}/${peer.alias}` : target;
  for (const answer of report.answers) {
    if ("error" in answer) return callProblem(answer.error, answer.message, first);
  }
  for (const answer of report.answers) {
    if ("error" in answer) continue;
    const remedy = remedyOf(peer);
    const problem = answerProblem(answer, target, rule, remedy) ?? awayProblem(answer, target, rule, remedy);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function unresolvedProblem(
  { alias }: CallReport,
  { way, namespace, alias: name }: PeerOutput,
  target: string,
): LinkProblem {
  const unresolvedTarget = (what: string): LinkProblem => ({
    hop: "target",
    message: `${what} in the cluster that calls: is the peer's cluster up?`,
  });
  // The alias exists in DNS, but the name that it leads to does not.
  if (alias !== undefined) return unresolvedTarget(`${strangersText(alias)} does not resolve`);
  if (way === "externalName") return unresolvedTarget(`neither the alias nor ${target} resolves`);
  return { hop: "alias", message: `the alias does not resolve: is the Service ${namespace}/${name} there?` };
}

/** What to do about answers of a peer's ingress that are not the service's. */
interface PeerRemedy {
  /** Where its URL is written. */
  setting: string;
  /** What brings a service back that is gone. */
  restore: string;
}

function remedyOf({ stack, service }: PeerOutput): PeerRemedy {
  if (stack === undefined) return { setting: "the url", restore: 'write the host that it serves as "host"' };
  const local = localStackName(stack, "");
  const up = local === undefined ? `bring ${stack} up` : upCommand(local);
  const which = service ?? 'a service at "/"';
  return { setting: `the exposedUrl of ${stack}`, restore: `if ${which} of ${stack} is gone: ${up}` };
}

/**
 * What is wrong with an answer, by a rule; undefined when nothing is.
 *
 * @param target the URL that was called last
 */
export function answerProblem(
  answer: Answer,
  target: string,
  rule: AnswerRule,
  { setting, restore }: PeerRemedy,
): LinkProblem | undefined {
  const message = judge(rule, answer);
  if (message === undefined) return undefined;
  const { status, body } = answer;
  const location = headerOf(answer, "location");
  if (status >= 300 && status < 400 && location !== undefined) {
    return { hop: "redirect", message: `${target} answers ${status}, ${redirectRemedy(location, target, setting)}` };
  }
  if (status === 404) {
    return {
      hop: "host",
      message: `${target} answers 404 at ${rule.path}, which comes from ${whoSays404(answer, restore)}`,
    };
  }
  if (gatewayErrors.has(status)) {
    return {
      hop: "refused",
      message: `the way to ${target} ends in ${status}: ${strangersText(body.toString("utf8"))}`,
    };
  }
  return { hop: "identity", message };
}

/** A redirect to another site is no answer of this one, unless its status is asked for. */
function awayProblem(
  answer: Answer,
  target: string,
  rule: AnswerRule,
  { setting }: PeerRemedy,
): LinkProblem | undefined {
  const { status } = answer;
  const location = headerOf(answer, "location");
  if (rule.status !== undefined || status < 300 || location === undefined) return undefined;
  if (siteOf(location, target) === undefined) return undefined;
  return { hop: "redirect", message: `${target} answers ${status}, ${redirectRemedy(location, target, setting)}` };
}

/** The other site that a redirect leads to; undefined when it stays on this one. */
function siteOf(location: string, target: string): string | undefined {
  if (!URL.canParse(location, target)) return undefined;
  const url = new URL(location, target);
  // A site that was called by the alias may think that this is its name.
  if (/^[^.]+\.[^.]+\.svc(\.|$)/.test(url.hostname)) url.host = new URL(target).host;
  return url.origin === new URL(target).origin ? undefined : url.origin;
}

function redirectRemedy(location: string, target: string, setting: string): string {
  const sent = `a redirect to ${strangersText(location)}`;
  const site = siteOf(location, target);
  if (site !== undefined) return `${sent}: write ${strangersText(site)} as ${setting}`;
  if (!URL.canParse(location, target)) return sent;
  const { pathname, search } = new URL(location, target);
  return `${sent}: write "prove: { path: ${strangersText(pathname + search)} }"`;
}

/** Skipper says so in an answer of its own, and leaves the name that a service gives itself. */
function whoSays404(answer: Answer, restore: string): string {
  const server = headerOf(answer, "server");
  if (server === "Skipper" && isSkippersOwn(answer)) {
    return `its ingress: no service has a route for the Host and path that it received; ${restore}`;
  }
  const name = server === undefined ? "what" : `what calls itself "${strangersText(server)}" and`;
  return `${name} answers there: it does not know the path or the Host; ${restore}`;
}

/** Skipper's answer where no route fits has no other body. */
const isSkippersOwn = ({ body }: Answer): boolean => ["", "Not Found"].includes(body.toString("utf8").trim());

function callProblem(code: string, message: string, target: string): LinkProblem {
  const said = strangersText(message || code);
  if (refused.has(code)) return { hop: "refused", message: `${target} refuses the connection (${said})` };
  if (timedOut.has(code) || /timeout|aborted/i.test(message)) {
    return { hop: "timeout", message: `${target} does not answer in time` };
  }
  if (/CERT|TLS|SSL|EPROTO|SELF_SIGNED|ISSUER/.test(code)) {
    return { hop: "tls", message: `TLS with ${target} fails (${said})` };
  }
  // The name resolved before, and was removed between that look-up and the call.
  if (unresolved.has(code)) return { hop: "target", message: `${target} does not resolve any more (${said})` };
  const all = strangersText([code, message].filter(Boolean).join(": "));
  return { hop: "target", message: `${target} can't be called (${all})` };
}

/** Why Skipper could not pass a request on, in its log. What a caller can put into the line comes after it. */
const proxyFailure = /error while proxying .*?, status code \d+: (.*?), remote host: /;

/** The hop that Go's standard library means by its words. */
const goWords: [hop: LinkProblem["hop"], words: RegExp, says: (target: string) => string][] = [
  ["target", /no such host|server misbehaving/, (target) => `${new URL(target).hostname} does not resolve`],
  ["tls", /x509: |tls: |HTTP response to HTTPS client/, (target) => `TLS with ${target} fails`],
  ["timeout", /timeout|deadline exceeded/i, (target) => `${target} does not answer in time`],
  [
    "refused",
    /connection refused|no route to host|network is unreachable|reset by peer|EOF/,
    (target) => `${target} refuses the connection`,
  ],
];

/**
 * Explains why a proxy can't reach its target, from what it logged; undefined when it logged no such failure.
 *
 * @param log the latest lines of the proxy's pods
 */
export function diagnoseProxy(log: string, target: string): LinkProblem | undefined {
  const reasons = log.split("\n").flatMap((line) => proxyFailure.exec(line)?.[1] ?? []);
  const last = reasons.at(-1);
  const found = last === undefined ? undefined : goWords.find(([, words]) => words.test(last));
  if (last === undefined || found === undefined) return undefined;
  const [hop, , says] = found;
  return { hop, message: `${says(target)} from its proxy (${strangersText(last)})` };
}
