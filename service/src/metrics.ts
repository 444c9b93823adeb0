import { collectDefaultMetrics, Counter, Histogram, Registry } from "prom-client";

const LABELS = ["method", "route", "status"] as const;
/** Upper bounds in seconds: answers take less than a millisecond, the deadline for requests is ten seconds. */
const BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
/** The one label of all paths that no route serves: clients must not be able to make up series. */
const UNKNOWN_ROUTE = "unknown";

/** The numbers of the requests, and of the process. */
export interface RequestMetrics {
  /** What `/metrics` prints. */
  readonly registry: Registry;
  /**
   * Counts a request.
   * @param route the route's pattern, never the raw path; `undefined` for a path that no route serves
   * @param seconds from the request's headers to the end of the answer
   */
  record(method: string, route: string | undefined, status: number, seconds: number): void;
}

/** Makes a registry with Node's default metrics, `http_requests_total` and `http_request_duration_seconds`. */
export function createMetrics(): RequestMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });

  const duration = new Histogram({
    name: "http_request_duration_seconds",
    help: "Time from a request's headers to the end of its answer, in seconds.",
    labelNames: LABELS,
    buckets: BUCKETS,
    registers: [registry],
  });
  // Taken from the histogram when somebody asks, so that a request pays for one metric and not for two.
  new Counter({
    name: "http_requests_total",
    help: "Requests answered or given up.",
    labelNames: LABELS,
    registers: [registry],
    async collect() {
      this.reset();
      for (const { metricName, labels, value } of (await duration.get()).values) {
        if (metricName === "http_request_duration_seconds_count") this.inc(labels, value);
      }
    },
  });

  return {
    registry,
    record: (method, route = UNKNOWN_ROUTE, status, seconds) => duration.observe({ method, route, status }, seconds),
  };
}
