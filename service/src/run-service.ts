import type { Server } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import { createApp } from "./app.ts";
import type { ServiceConfig } from "./settings.ts";
import { createHttpServer, listen } from "./http.ts";
import { serveMetrics } from "./metrics-server.ts";
import { createMetrics } from "./metrics.ts";
import type { ServiceState } from "./state.ts";

/** A service that listens. */
export interface RunningService {
  readonly port: number;
  readonly metricsPort: number;
  /** Stops without losing a request; resolves when nothing is left open. */
  readonly drain: () => Promise<void>;
}

/**
 * Opens both ports.
 * @throws what `listen` meets, such as EADDRINUSE; nothing is left open then
 */
export async function startService(config: ServiceConfig, logger: Logger): Promise<RunningService> {
  const state: ServiceState = { draining: false };
  const metrics = createMetrics();
  const app = createApp(config, { logger, metrics, state });
  const handle = app.callback();
  const server = createHttpServer(
    (request, response) => void handle(request, response),
    (status) => {
      metrics.record("none", undefined, status, 0);
      logger.info({ status }, "refused");
    },
  );
  const metricsServer = createHttpServer(serveMetrics(metrics.registry, logger));

  const metricsPort = await listen(metricsServer, config.metricsPort);
  const port = await listen(server, config.port).catch((err: unknown) => {
    metricsServer.close();
    throw err;
  });
  logger.info({ port, metricsPort, node: process.version }, "started");

  return {
    port,
    metricsPort,
    drain: async () => {
      state.draining = true;
      logger.info({ delay: config.drainDelay, timeout: config.drainTimeout }, "draining");
      const deadline = performance.now() + config.drainTimeout * 1000;
      await sleep(config.drainDelay * 1000);
      const cut = await closeBy(deadline, server);
      if (cut) logger.warn("drain timed out, connections cut");
      // Last, so that the scraper sees the drain.
      metricsServer.close();
      metricsServer.closeAllConnections();
      logger.info("stopped");
    },
  };
}

/**
 * Takes no new connections, closes the idle ones, and lets the others finish until the deadline.
 * @returns whether any had to be cut
 */
async function closeBy(deadline: number, server: Server): Promise<boolean> {
  const { promise: closed, resolve } = Promise.withResolvers<boolean>();
  let cut = false;
  const timer = setTimeout(() => {
    cut = true;
    server.closeAllConnections();
  }, deadline - performance.now());
  server.close(() => resolve(cut));
  const result = await closed;
  clearTimeout(timer);
  return result;
}
