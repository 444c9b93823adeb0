/**
 * The service's process: reads the environment, starts, and on SIGTERM or SIGINT drains and ends with status 0.
 * A second signal ends it at once. Status 2 is a bad configuration, 1 anything else that went wrong.
 */
import { ConfigError, type ServiceConfig, readConfig } from "./settings.ts";
import { createLogger } from "./logger.ts";
import { startService } from "./run-service.ts";

async function serve(config: ServiceConfig): Promise<void> {
  const logger = createLogger(config);
  const die = (err: unknown): void => {
    logger.fatal({ err }, "fatal");
    process.exit(1);
  };
  process.on("uncaughtException", die).on("unhandledRejection", die);

  const running = startService(config, logger);
  let stopping = false;
  // A process with id 1 gets no signal that it has no handler for, so these are what stops a container.
  const stop = (signal: NodeJS.Signals): void => {
    logger.info({ signal, again: stopping }, "signal");
    if (stopping) process.exit(0);
    stopping = true;
    running.then((service) => service.drain()).then(() => process.exit(0), die);
  };
  process.on("SIGTERM", stop).on("SIGINT", stop);
  await running;
}

function main(): void {
  let config: ServiceConfig;
  try {
    config = readConfig(process.env);
  } catch (err) {
    if (!(err instanceof ConfigError)) throw err;
    console.error(err.message);
    process.exitCode = 2;
    return;
  }
  void serve(config);
}

main();
