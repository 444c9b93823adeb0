import Koa from "koa";
import { createLogger } from "./logger.ts";
import { createMetrics } from "./metrics.ts";
import { dispatch } from "./middleware/dispatch.ts";
import { handleErrors } from "./middleware/handle-errors.ts";
import { observe, type Observers } from "./middleware/observe.ts";
import { refuseAmbiguous } from "./middleware/refuse-ambiguous.ts";
import { stripBasePath } from "./middleware/strip-base-path.ts";
import { answerUnrouted, createRoutes } from "./routes.ts";
import type { ServiceSettings } from "./settings.ts";

/**
 * Puts the service together. It doesn't listen: pass `app.callback()` to a server.
 *
 * @param observers what the app writes to. @default a logger on standard output, metrics of its own, never draining
 */
export function createApp(
  settings: Pick<ServiceSettings, "name" | "cluster" | "logLevel"> & Partial<Pick<ServiceSettings, "basePath">>,
  observers: Partial<Observers> = {},
): Koa {
  const { logger = createLogger(settings), metrics = createMetrics(), state = { draining: false } } = observers;

  const app = new Koa();
  app.use(observe({ logger, metrics, state }));
  app.use(handleErrors(logger));
  app.use(refuseAmbiguous);
  if (settings.basePath !== undefined) app.use(stripBasePath(settings.basePath));
  app.use(dispatch(createRoutes(settings, state)));
  app.use(answerUnrouted);
  // Only broken connections get here; all other errors have been handled above.
  app.on("error", (error: unknown) => logger.debug({ err: error }, "connection failed"));
  return app;
}
