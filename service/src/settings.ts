import { type Identity, longestName } from "./identity.ts";

/** The log levels, from the most output to none. The access log is written up to `info`. */
export const logLevels = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;

export type LogLevel = (typeof logLevels)[number];

/** The service's environment variables, which are read once, at the start. */
export interface ServiceSettings extends Identity {
  /**
   * `NAME`: the service's name, which it answers with.
   * @default "service1"
   */
  name: string;
  /**
   * `CLUSTER`: the name of the cluster that the service runs in, which it answers with.
   * @default "cluster1"
   */
  cluster: string;
  /**
   * `PORT`: TCP port of the service; 0 picks a free one.
   * @default 5000
   */
  port: number;
  /**
   * `BASE_PATH`: a path below which all routes are served, too, such as the one that an ingress leads here.
   * @default none
   */
  basePath?: string;
  /**
   * `METRICS_PORT`: TCP port of `/metrics`, which no Service or Ingress exposes; 0 picks a free one.
   * @default 9090
   */
  metricsPort: number;
  /**
   * `LOG_LEVEL`: the lowest level that is written.
   * @default "info"
   */
  logLevel: LogLevel;
  /**
   * `DRAIN_DELAY`: how long after SIGTERM the service still accepts connections, since clients learn only from an
   * answer's `Connection: close` that they have to go elsewhere.
   * @default 2
   */
  drainDelaySeconds: number;
  /**
   * `DRAIN_TIMEOUT`: how long after SIGTERM, the delay included, connections that are still open are cut.
   * @default 15
   */
  drainTimeoutSeconds: number;
}

/** The service can't run with the values in its environment. */
export class SettingsError extends Error {
  override readonly name = "SettingsError";
  /** One line each, which begins with the variable's name. */
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    const lines = problems.map((problem) => `  ${problem}`).join("\n");
    super(`cannot start, ${problems.length} bad setting(s) in the environment:\n${lines}`);
    this.problems = problems;
  }
}

const longestDrainSeconds = 3600;

/**
 * Reads the settings from environment variables. A variable that is not set has its default.
 *
 * @throws SettingsError with all problems, not just the first
 */
export function readSettings(env: Readonly<Record<string, string | undefined>>): ServiceSettings {
  const problems: string[] = [];
  const addProblem = (variable: string, expected: string): void => {
    problems.push(`${variable}: ${expected}, not ${JSON.stringify(env[variable])}`);
  };

  const text = (variable: string, fallback: string): string => {
    const value = env[variable] ?? fallback;
    if (value.trim() === "" || value.length > longestName || /\p{Cc}/u.test(value)) {
      addProblem(variable, `must be 1 to ${longestName} printable characters`);
    }
    return value;
  };
  const number = (variable: string, fallback: number, pattern: RegExp, greatest: number, kind: string): number => {
    const raw = env[variable] ?? String(fallback);
    const value = Number(raw);
    if (pattern.test(raw) && value <= greatest) return value;
    addProblem(variable, `must be ${kind} from 0 to ${greatest}`);
    return fallback;
  };
  const port = (variable: string, fallback: number): number =>
    number(variable, fallback, /^\d+$/, 65_535, "a whole number");
  const seconds = (variable: string, fallback: number): number =>
    number(variable, fallback, /^\d+(\.\d+)?$/, longestDrainSeconds, "a number of seconds");
  const basePath = (variable: string): string | undefined => {
    const value = env[variable];
    if (value === undefined || value === "" || value === "/") return undefined;
    if (!/^\/[^\s?#]*$/.test(value)) addProblem(variable, 'must be a path such as "/identity"');
    return value;
  };
  const logLevel = (variable: string, fallback: LogLevel): LogLevel => {
    const value = env[variable] ?? fallback;
    const level = logLevels.find((known) => known === value);
    if (level === undefined) addProblem(variable, `must be one of ${logLevels.join(", ")}`);
    return level ?? fallback;
  };

  const settings: ServiceSettings = {
    name: text("NAME", "service1"),
    cluster: text("CLUSTER", "cluster1"),
    port: port("PORT", 5000),
    metricsPort: port("METRICS_PORT", 9090),
    logLevel: logLevel("LOG_LEVEL", "info"),
    drainDelaySeconds: seconds("DRAIN_DELAY", 2),
    drainTimeoutSeconds: seconds("DRAIN_TIMEOUT", 15),
  };
  const servedBelow = basePath("BASE_PATH");
  if (servedBelow !== undefined) settings.basePath = servedBelow;
  if (settings.port === settings.metricsPort && settings.port !== 0) {
    problems.push(`METRICS_PORT: must differ from PORT, both are ${settings.port}`);
  }
  if (settings.drainTimeoutSeconds < settings.drainDelaySeconds) {
    problems.push(
      `DRAIN_TIMEOUT: must not be below DRAIN_DELAY, ${settings.drainTimeoutSeconds} is below ${settings.drainDelaySeconds}`,
    );
  }
  if (problems.length > 0) throw new SettingsError(problems);
  return settings;
}
