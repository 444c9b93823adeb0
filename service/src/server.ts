/**
 * The service's process. It reads the environment and starts the service. On SIGTERM or SIGINT it drains and exits with
 * status 0; a second signal ends it at once. Status 2 means bad settings, 1 any other failure.
 */
import { createLogger } from "./logger.ts";
import { startService } from "./run-service.ts";
import { readSettings, type ServiceSettings, SettingsError } from "./settings.ts";

async function serve(settings: ServiceSettings): Promise<void> {
  const logger = createLogger(settings);
  const die = (error: unknown): void => {
    logger.fatal({ err: error }, "fatal");
    process.exit(1);
  };
  process.on("uncaughtException", die).on("unhandledRejection", die);

  const running = startService(settings, logger);
  let stopping = false;
  // In a container this is process 1, for which the kernel ignores signals that have no handler.
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
  let settings: ServiceSettings;
  try {
    settings = readSettings(process.env);
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    console.error(error.message);
    process.exitCode = 2;
    return;
  }
  void serve(settings);
}

main();
