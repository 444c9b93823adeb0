import { readFile } from "node:fs/promises";
import { dockerConfigFile, engineAddress } from "./docker.ts";
import { isPlainObject } from "./plain-object.ts";

/** A proxy as Docker's own configuration file has it. */
export interface DockerProxy {
  httpProxy?: string;
  httpsProxy?: string;
  noProxy?: string;
}

/**
 * What kind must be told so that nodes reach a host without the proxy that kind gives them: that of the environment, or
 * else that of Docker's configuration file. kind takes `NO_PROXY` from the environment before any other.
 *
 * @returns variables to add; none where there is no proxy
 */
export function nodeProxyExceptions(
  host: string,
  env: NodeJS.ProcessEnv,
  docker: DockerProxy | undefined,
): Record<string, string> {
  const ofEnvironment = ["HTTP_PROXY", "HTTPS_PROXY"].some((name) => env[name] || env[name.toLowerCase()]);
  if (!ofEnvironment && !docker?.httpProxy && !docker?.httpsProxy) return {};
  const present = [env.NO_PROXY, env.no_proxy, ofEnvironment ? undefined : docker?.noProxy];
  const names = present.flatMap((list) => (list ?? "").split(",")).map((name) => name.trim());
  const all = [...new Set([...names, host])].filter((name) => name !== "").join(",");
  return { NO_PROXY: all, no_proxy: all };
}

/** The proxy that Docker's configuration file has for the engine, which docker and kind give to containers. */
export async function dockerProxies(env: NodeJS.ProcessEnv = process.env): Promise<DockerProxy | undefined> {
  const text = await readFile(dockerConfigFile(env), "utf8").catch(() => "");
  // Which engine it is matters only where the file tells engines apart.
  if (!/"proxies"/.test(text)) return undefined;
  return proxyFor(await engineAddress(env), text);
}

/** The proxy of an engine in the text of Docker's configuration file. */
export function proxyFor(engine: string, text: string): DockerProxy | undefined {
  const proxies: unknown = parsed(text)?.proxies;
  if (!isPlainObject(proxies)) return undefined;
  const found = proxies[engine] ?? proxies.default;
  return isPlainObject(found) ? found : undefined;
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const content: unknown = JSON.parse(text);
    return isPlainObject(content) ? content : undefined;
  } catch {
    return undefined;
  }
}
