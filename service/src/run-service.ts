import type { Server } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import { createApp } from "./app.ts";
import { createHttpServer, listen } from "./http.ts";
import { serveMetrics } from "./metrics-server.ts";
import { createMetrics } from "./metrics.ts";
import type { ServiceSettings } from "./settings.ts";
import type { ServiceState } from "./state.ts";

/** A service that listens on both of its ports. */
export interface RunningService {
  port: number;
  metricsPort: number;
  /** Finishes the open requests, as far as the time-out allows, and stops. Resolves when all connections are closed. */
  drain: () => Promise<void>;
}

/**
 * Opens both ports.
 * @throws the error of `server.listen`, such as EADDRINUSE; no port is left open then
 */
export async function startService(settings: ServiceSettings, logger: Logger): Promise<RunningService> {
  const state: ServiceState = { draining: false };
  const metrics = createMetrics();
  const app = createApp(settings, { logger, metrics, state });
  const handle = app.callback();
  const server = createHttpServer(
    (request, response) => void handle(request, response),
    (status) => {
      metrics.record("none", undefined, status, 0);
      logger.info({ status }, "refused");
    },
  );
  const metricsServer = createHttpServer(serveMetrics(metrics.registry, logger));

  const metricsPort = await listen(metricsServer, settings.metricsPort);
  const port = await listen(server, settings.port).catch((error: unknown) => {
    metricsServer.close();
    throw error;
  });
  logger.info({ port, metricsPort, node: process.version }, "started");

  return {
    port,
    metricsPort,
    drain: async () => {
      state.draining = true;
      logger.info({ delay: settings.drainDelaySeconds, timeout: settings.drainTimeoutSeconds }, "draining");
      const deadlineMilliseconds = performance.now() + settings.drainTimeoutSeconds * 1000;
      await sleep(settings.drainDelaySeconds * 1000);
      const cut = await closeBy(deadlineMilliseconds, server);
      if (cut) logger.warn("drain timed out, connections cut");
      // The last to close: Prometheus reads the metrics during the drain, too.
      metricsServer.close();
      metricsServer.closeAllConnections();
      logger.info("stopped");
    },
  };
}

/**
 * Accepts no more connections, closes the idle ones, and lets the others finish until the deadline.
 *
 * @param deadlineMilliseconds on the clock of `performance.now()`
 * @returns whether any connection had to be cut
 */
async function closeBy(deadlineMilliseconds: number, server: Server): Promise<boolean> {
  const { promise: closed, resolve } = Promise.withResolvers<boolean>();
  let cut = false;
  const timer = setTimeout(() => {
    cut = true;
    server.closeAllConnections();
  }, deadlineMilliseconds - performance.now());
  server.close(() => resolve(cut));
  const result = await closed;
  clearTimeout(timer);
  return result;
}
