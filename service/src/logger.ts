import { type DestinationStream, type Logger, destination, pino, stdTimeFunctions } from "pino";
import type { ServiceConfig } from "./settings.ts";

/**
 * Makes the logger: one line of JSON per event.
 * @param output where the lines go. @default standard output, written at once, so that no line is lost, or late, when the process ends
 */
export function createLogger(
  config: Pick<ServiceConfig, "name" | "cluster" | "logLevel">,
  output: DestinationStream = destination({ sync: true }),
): Logger {
  return pino(
    {
      level: config.logLevel,
      base: { service: config.name, cluster: config.cluster },
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    output,
  );
}
