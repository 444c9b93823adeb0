import { type DestinationStream, type Logger, destination, pino, stdTimeFunctions } from "pino";
import type { ServiceConfig } from "./config.ts";

/** Bytes of log that may wait for a reader who has stopped reading; what comes on top is dropped. */
const LONGEST_BACKLOG = 8 * 1024 * 1024;

/**
 * Makes the logger: one line of JSON per event.
 * @param output where the lines go. @default standard output, written without blocking, flushed at exit
 */
export function createLogger(
  config: Pick<ServiceConfig, "name" | "cluster" | "logLevel">,
  output: DestinationStream = destination({ sync: false, maxLength: LONGEST_BACKLOG }),
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
