import Koa from "koa";
import type { ServiceConfig } from "./settings.ts";
import { createLogger } from "./logger.ts";
import { createMetrics } from "./metrics.ts";
import { dispatch } from "./middleware/dispatch.ts";
import { handleErrors } from "./middleware/errors.ts";
import { type Observers, observe } from "./middleware/observe.ts";
import { refuseAmbiguous } from "./middleware/strict.ts";
import { answerUnrouted, createRoutes } from "./routes.ts";

/**
 * Puts the service together, without listening: the caller hands `app.callback()` to a server.
 *
 * @param config who answers, and how much is logged
 * @param observers what the app writes to. @default a logger on standard output, metrics of its own, never draining
 */
export function createApp(
  config: Pick<ServiceConfig, "name" | "cluster" | "logLevel">,
  observers: Partial<Observers> = {},
): Koa {
  const { logger = createLogger(config), metrics = createMetrics(), state = { draining: false } } = observers;

  const app = new Koa();
  app.use(observe({ logger, metrics, state }));
  app.use(handleErrors(logger));
  app.use(refuseAmbiguous);
  app.use(dispatch(createRoutes(config, state)));
  app.use(answerUnrouted);
  // What is left for Koa is broken sockets: the client's business.
  app.on("error", (err: unknown) => logger.debug({ err }, "connection failed"));
  return app;
}
