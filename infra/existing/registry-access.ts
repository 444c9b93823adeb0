import * as http from "node:http";
import * as https from "node:https";
import { getCACertificates } from "node:tls";
import type { RegistryConfig } from "../../config/existing-cluster-config.ts";
import { engineUnreachable, tryDocker } from "../../host/docker.ts";
import { dockerLogin } from "../../host/docker-login.ts";
import { basicCredentials, type Login } from "../../host/netrc.ts";

/** Seconds that each question to the registry may take. */
const answerSeconds = 20;

/** What was found out about a registry before anything is pushed there. */
export interface RegistryFindings {
  /** Why nothing can be pushed as the stack file says, and what to do. @default nothing is known against it */
  problem?: string;
  /** Why it may not work: nothing is pushed where no image has changed. @default it answers */
  warning?: string;
}

/**
 * Asks a registry, by the Docker engine that will push and by requests of our own, whether what the stack file says of it
 * is right. Changes nothing.
 *
 * @param config with the password itself
 */
export async function lookAtRegistry(config: RegistryConfig): Promise<RegistryFindings> {
  const server = serverOf(config);
  const [engine, own] = await Promise.all([askEngine(config.host), ask(config)]);
  const problem =
    contradictionIn(config, own) ?? engineProblem(config, engine) ?? (await loginProblem(config, challengeIn(own)));
  if (problem !== undefined) return { problem };
  const silence =
    /no such host|connection refused|i\/o timeout|no route|unreachable|deadline exceeded|Client\.Timeout/i;
  if (engine === undefined || !silence.test(engine)) return {};
  return { warning: `the Docker engine can't reach the registry ${server} now: ${lastLine(engine)}` };
}

const serverOf = ({ host }: Pick<RegistryConfig, "host">): string => host.split("/")[0] ?? host;

/** Docker trusts this machine, whatever it speaks. */
export const isLoopback = (server: string): boolean => /^(localhost|127(\.\d+){3}|\[::1\])(:\d+)?$/.test(server);

/**
 * What the engine says of an image that is not there, by which it has to talk to the registry.
 *
 * @returns undefined when no engine answers
 */
async function askEngine(host: string): Promise<string | undefined> {
  const args = ["pull", "--quiet", `${host}/identity:asked-whether-the-registry-answers`];
  const { error } = await tryDocker(args, { deadlineSeconds: answerSeconds });
  return error === undefined || engineUnreachable(error) ? undefined : error.stderr;
}

/** What a registry answers to us, who follow no proxy: nothing, where only by one it can be reached. */
export type RegistryAnswer =
  | { status: number; challenge: string }
  /** `plain`: it speaks no TLS; `untrusted`: its certificate can't be verified; `silent`: it can't be reached. */
  | { failure: "plain" | "untrusted" | "silent"; message: string };

const ask = (config: RegistryConfig, login?: Login): Promise<RegistryAnswer> => {
  const scheme = config.plainHttp === true ? "http" : "https";
  return request(`${scheme}://${serverOf(config)}/v2/`, config, login);
};

function request(url: string, config: RegistryConfig, login: Login | undefined): Promise<RegistryAnswer> {
  const { promise, resolve } = Promise.withResolvers<RegistryAnswer>();
  const isTls = url.startsWith("https:");
  // Agents of our own: the global ones follow the variables for proxies where Node is told to.
  const agent = isTls ? new https.Agent(trustOf(config)) : new http.Agent();
  const headers = login === undefined ? {} : { authorization: `Basic ${basicCredentials(login)}` };
  const signal = AbortSignal.timeout(answerSeconds * 1000);
  const sent = (isTls ? https.get : http.get)(url, { agent, headers, signal }, (response) => {
    response.resume();
    const challenge = response.headers["www-authenticate"] ?? "";
    resolve({ status: response.statusCode ?? 0, challenge });
  });
  sent.on("error", (error: NodeJS.ErrnoException) => resolve({ failure: kindOf(error), message: error.message }));
  return promise.finally(() => agent.destroy());
}

function trustOf({ host, caCertificate }: RegistryConfig): https.AgentOptions {
  const isHere = isLoopback(serverOf({ host }));
  // By a tunnel, a registry is called on this machine by another name than its certificate's.
  const checkServerIdentity = isHere ? () => undefined : undefined;
  if (isHere && caCertificate === undefined) return { rejectUnauthorized: false };
  const authorities = [...getCACertificates("default"), ...getCACertificates("system")];
  return { ca: caCertificate === undefined ? authorities : [...authorities, caCertificate], checkServerIdentity };
}

/** Which failure an error of Node's is. @see https://nodejs.org/api/tls.html#x509-certificate-error-codes */
function kindOf({ code = "", message }: NodeJS.ErrnoException): "plain" | "untrusted" | "silent" {
  if (/WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG/.test(code) || /wrong version number/.test(message)) return "plain";
  return /CERT|UNABLE_TO_VERIFY|ALTNAME/.test(code) ? "untrusted" : "silent";
}

/** Where the registry's own answer is not what the stack file says. */
export function contradictionIn(config: RegistryConfig, answer: RegistryAnswer): string | undefined {
  const server = serverOf(config);
  if ("status" in answer) {
    // What web servers answer on a port for TLS.
    const isTls = config.plainHttp === true && answer.status === 400;
    return isTls ? `the registry ${server} does not speak plain HTTP: leave plainHttp out` : undefined;
  }
  if (answer.failure === "plain" && !isLoopback(server)) {
    const risk = "whoever is on the way can read passwords, and change images";
    return `the registry ${server} speaks plain HTTP, so ${risk}: have it speak TLS or, if that is right, write plainHttp: true`;
  }
  if (answer.failure !== "untrusted" || config.caCertificate === undefined) return undefined;
  return `caCertificate is not what the certificate of the registry ${server} can be verified by (${answer.message})`;
}

/** Why the engine won't push to a registry, by what it said of an image there; undefined where it would, or can't tell. */
export function engineProblem(config: RegistryConfig, said: string | undefined): string | undefined {
  const server = serverOf(config);
  if (said !== undefined && /server gave HTTP response to HTTPS client/.test(said)) {
    const setting = `"insecure-registries": ["${server}"]`;
    return (
      `the Docker engine does not push to ${server} by plain HTTP: write ${setting} into its settings ` +
      "(/etc/docker/daemon.json; with Docker Desktop: Settings, Docker Engine), and start it anew"
    );
  }
  if (said === undefined || !/x509:|tls: failed to verify/.test(said)) return undefined;
  const what = config.caCertificate === undefined ? "that authority's certificate" : "what caCertificate says";
  return (
    `the Docker engine does not accept the certificate of the registry ${server} (${lastLine(said)}). Where it is signed ` +
    `by an authority of your own: write ${what} to /etc/docker/certs.d/${server}/ca.crt on the engine's machine; it ` +
    "need not be started anew"
  );
}

/** How a registry asks who is there. */
const challengeIn = (answer: RegistryAnswer): string | undefined =>
  "status" in answer && answer.status === 401 ? answer.challenge : undefined;

/** Why nobody could push with the login that there is. @param challenge undefined: it asks nobody, or can't be reached */
async function loginProblem(config: RegistryConfig, challenge: string | undefined): Promise<string | undefined> {
  if (challenge === undefined) return undefined;
  const server = serverOf(config);
  const { user, password } = config;
  const isOwn = user !== undefined && password !== undefined;
  const login = isOwn ? { user, password: password.secure } : await dockerLogin(server);
  const isBasic = /^basic\b/i.test(challenge);
  if (login === undefined) {
    // A registry with tokens may be logged in to by one that only Docker understands.
    if (!isBasic) return undefined;
    return `the Docker engine's user is not logged in to the registry ${server}: docker login ${server}`;
  }
  const answer = isBasic ? await ask(config, login) : await askForToken(config, challenge, login);
  if (answer === undefined || "failure" in answer || ![401, 403].includes(answer.status)) return undefined;
  if (isOwn) return `the registry ${server} does not accept the user "${user}" with the password that is written`;
  return `the registry ${server} does not accept what docker login keeps for it: docker login ${server}`;
}

/** Asks for a token to push with. A password goes by TLS only, unless the stack file says otherwise. */
async function askForToken(
  config: RegistryConfig,
  challenge: string,
  login: Login,
): Promise<RegistryAnswer | undefined> {
  const { realm = "", service } = parametersOf(challenge);
  const isFit = URL.canParse(realm) && (realm.startsWith("https:") || config.plainHttp === true);
  if (!isFit) return undefined;
  const url = new URL(realm);
  const [, ...path] = config.host.split("/");
  if (service !== undefined) url.searchParams.set("service", service);
  url.searchParams.set("scope", `repository:${[...path, "identity"].join("/")}:pull,push`);
  return request(url.href, { ...config, host: url.host }, login);
}

/** The parameters of a challenge: `Bearer realm="https://…",service="…"`. */
export const parametersOf = (challenge: string): Partial<Record<string, string>> =>
  Object.fromEntries([...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = "", value]) => [name, value]));

const lastLine = (text: string): string => text.split("\n").filter(Boolean).at(-1) ?? text;
