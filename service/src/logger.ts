import { destination, type DestinationStream, type Logger, pino, stdTimeFunctions } from "pino";
import type { ServiceSettings } from "./settings.ts";

/**
 * Creates a logger that writes one line of JSON per event.
 *
 * @param output where the lines go. @default standard output, written synchronously, so that no line is lost when the
 * process ends
 */
export function createLogger(
  settings: Pick<ServiceSettings, "name" | "cluster" | "logLevel">,
  output: DestinationStream = destination({ sync: true }),
): Logger {
  return pino(
    {
      level: settings.logLevel,
      base: { service: settings.name, cluster: settings.cluster },
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    output,
  );
}
