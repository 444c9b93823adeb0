const ownAddresses = ["localhost", "127.0.0.1", "::1"];

/**
 * The environment variables that are needed where the internet is reached through a proxy: Node uses the proxy only
 * with NODE_USE_ENV_PROXY, and both Node and gRPC would use it for this machine's own addresses, too.
 */
export function proxySettings(env) {
  if (!(env.HTTPS_PROXY ?? env.https_proxy ?? env.HTTP_PROXY ?? env.http_proxy)) return {};
  const excluded = (env.no_proxy ?? env.NO_PROXY ?? "").split(",").filter(Boolean);
  const all = [...new Set([...excluded, ...ownAddresses])].join(",");
  return { NODE_USE_ENV_PROXY: env.NODE_USE_ENV_PROXY ?? "1", NO_PROXY: all, no_proxy: all };
}
