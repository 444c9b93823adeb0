/** How much the service writes to its log, from most to nothing. At `warn` and above no access log is written. */
export const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;

export type LogLevel = (typeof LOG_LEVELS)[number];

/** What the service takes from its environment. It is read once, at start. */
export interface ServiceConfig {
  /**
   * `NAME`: who answers.
   * @default "service1"
   */
  readonly name: string;
  /**
   * `CLUSTER`: where it stands.
   * @default "cluster1"
   */
  readonly cluster: string;
  /**
   * `PORT`: TCP port of the service; 0 takes a free one.
   * @default 5000
   */
  readonly port: number;
  /**
   * `METRICS_PORT`: TCP port of `/metrics`, which no Service or Ingress exposes; 0 takes a free one.
   * @default 9090
   */
  readonly metricsPort: number;
  /**
   * `LOG_LEVEL`: the least level that is written.
   * @default "info"
   */
  readonly logLevel: LogLevel;
  /**
   * `DRAIN_DELAY`: seconds after SIGTERM in which new connections are still taken, so that clients learn from an
   * answer's `Connection: close` that they must go elsewhere.
   * @default 2
   */
  readonly drainDelay: number;
  /**
   * `DRAIN_TIMEOUT`: seconds after SIGTERM (the delay included) at which the connections that are left are cut.
   * @default 15
   */
  readonly drainTimeout: number;
}

/** The environment holds values that the service cannot run with. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  /** One line per mistake, each beginning with the variable's name. */
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(
      `cannot start, ${problems.length} bad setting(s) in the environment:\n${problems.map((p) => `  ${p}`).join("\n")}`,
    );
    this.problems = problems;
  }
}

const LONGEST_NAME = 253;
const LONGEST_DRAIN_SECONDS = 3600;

/**
 * Reads the configuration from environment variables; those that are not set take their defaults.
 *
 * @throws {@link ConfigError} with every mistake, not only the first.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): ServiceConfig {
  const problems: string[] = [];
  const complain = (variable: string, expected: string): void => {
    problems.push(`${variable}: ${expected}, not ${JSON.stringify(env[variable])}`);
  };

  const text = (variable: string, fallback: string): string => {
    const value = env[variable] ?? fallback;
    if (value.trim() === "" || value.length > LONGEST_NAME || /\p{Cc}/u.test(value)) {
      complain(variable, `must be 1 to ${LONGEST_NAME} printable characters`);
    }
    return value;
  };
  const number = (variable: string, fallback: number, pattern: RegExp, greatest: number, kind: string): number => {
    const raw = env[variable] ?? String(fallback);
    const value = Number(raw);
    if (pattern.test(raw) && value <= greatest) return value;
    complain(variable, `must be ${kind} from 0 to ${greatest}`);
    return fallback;
  };
  const port = (variable: string, fallback: number): number =>
    number(variable, fallback, /^\d+$/, 65_535, "a whole number");
  const seconds = (variable: string, fallback: number): number =>
    number(variable, fallback, /^\d+(\.\d+)?$/, LONGEST_DRAIN_SECONDS, "a number of seconds");
  const logLevel = (variable: string, fallback: LogLevel): LogLevel => {
    const value = env[variable] ?? fallback;
    const level = LOG_LEVELS.find((known) => known === value);
    if (level === undefined) complain(variable, `must be one of ${LOG_LEVELS.join(", ")}`);
    return level ?? fallback;
  };

  const config: ServiceConfig = {
    name: text("NAME", "service1"),
    cluster: text("CLUSTER", "cluster1"),
    port: port("PORT", 5000),
    metricsPort: port("METRICS_PORT", 9090),
    logLevel: logLevel("LOG_LEVEL", "info"),
    drainDelay: seconds("DRAIN_DELAY", 2),
    drainTimeout: seconds("DRAIN_TIMEOUT", 15),
  };
  if (config.port === config.metricsPort && config.port !== 0) {
    problems.push(`METRICS_PORT: must differ from PORT, both are ${config.port}`);
  }
  if (config.drainTimeout < config.drainDelay) {
    problems.push(`DRAIN_TIMEOUT: must not be below DRAIN_DELAY, ${config.drainTimeout} is below ${config.drainDelay}`);
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return config;
}
