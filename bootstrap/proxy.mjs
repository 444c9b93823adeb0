const own = ["localhost", "127.0.0.1", "::1"];

/**
 * What has to be set where a proxy leads to the internet: Node uses it only when told to, and neither Node nor gRPC
 * spares this machine's own addresses by itself.
 */
export function proxySettings(env) {
  if (!(env.HTTPS_PROXY ?? env.https_proxy ?? env.HTTP_PROXY ?? env.http_proxy)) return {};
  const spared = (env.no_proxy ?? env.NO_PROXY ?? "").split(",").filter(Boolean);
  const all = [...new Set([...spared, ...own])].join(",");
  return { NODE_USE_ENV_PROXY: env.NODE_USE_ENV_PROXY ?? "1", NO_PROXY: all, no_proxy: all };
}
