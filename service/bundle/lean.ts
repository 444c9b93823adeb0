import { createRequire } from "node:module";
import type { Plugin } from "esbuild";

/** Resolves what Koa itself would get. */
const requireFromKoa = createRequire(createRequire(import.meta.url).resolve("koa"));

/**
 * What the dependencies load at start though the service never calls it, and what stands in its place. Together they
 * are two thirds of the bundle.
 */
const UNUSED: Readonly<Record<string, string>> = {
  // @koa/router's debug output, by an environment variable.
  debug: "module.exports = () => () => {};",
  // prom-client's exemplars, its push gateway, and its sum over a cluster of processes.
  "@opentelemetry/api": "",
  "./lib/pushgateway": "",
  "./lib/cluster": "",
  // Koa's care for file streams and compression streams of old versions of Node, for which both are loaded.
  destroy: "module.exports = (stream) => stream.destroy();",
  // pino's transports in worker threads.
  "thread-stream": "",
};

/** Several versions of these come in; the newest one does for all. */
const ONCE = ["depd", "http-errors", "mime-types", "statuses", "toidentifier"];

/** The media types that `ctx.type = "png"` and the like can name in the bundle, of 2,500. */
const MEDIA_TYPES = new RegExp(
  "^(text/(css|csv|html|javascript|markdown|plain|xml)|application/(javascript|json|octet-stream|pdf|wasm|" +
    "x-www-form-urlencoded|xml|zip)|font/woff2|image/(avif|gif|jpeg|png|svg\\+xml|webp))$",
);

/** An esbuild plugin that leaves out what the service doesn't use of its dependencies. */
export const lean: Plugin = {
  name: "lean",
  setup(build) {
    build.onResolve({ filter: /./ }, ({ path }) => {
      if (path in UNUSED) return { path, namespace: "unused" };
      if (path === "mime-db") return { path, namespace: "media-types" };
      if (ONCE.includes(path)) return { path: requireFromKoa.resolve(path) };
      return undefined;
    });
    build.onLoad({ filter: /./, namespace: "unused" }, ({ path }) => ({ contents: UNUSED[path] ?? "" }));
    build.onLoad({ filter: /./, namespace: "media-types" }, ({ path }) => {
      const all = Object.entries(requireFromKoa(path) as Record<string, unknown>);
      return { contents: JSON.stringify(Object.fromEntries(all.filter(([type]) => MEDIA_TYPES.test(type)))), loader: "json" };
    });
  },
};
