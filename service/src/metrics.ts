import { collectDefaultMetrics, Counter, Histogram, Registry } from "prom-client";

const labelNames = ["method", "route", "status"] as const;
/** Upper bounds. Most answers need less than a millisecond; after ten seconds a slow request is cut. */
const bucketsSeconds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
/** One label for all paths without a route: otherwise clients could create any number of time series. */
const unknownRoute = "unknown";

/** The metrics of the requests and of the process. */
export interface RequestMetrics {
  /** Holds all metrics, for `/metrics`. */
  registry: Registry;
  /**
   * Counts a request.
   * @param route the route's pattern, never the raw path; undefined for a path without a route
   * @param seconds from the request's headers to the end of the answer
   */
  record(method: string, route: string | undefined, status: number, seconds: number): void;
}

/** Creates Node's default metrics, `http_requests_total` and `http_request_duration_seconds`, in a new registry. */
export function createMetrics(): RequestMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });

  const duration = new Histogram({
    name: "http_request_duration_seconds",
    help: "Time from a request's headers to the end of its answer, in seconds.",
    labelNames,
    buckets: bucketsSeconds,
    registers: [registry],
  });
  // Computed from the histogram when the metrics are read, so that a request has to update one metric instead of two.
  new Counter({
    name: "http_requests_total",
    help: "Requests answered or given up.",
    labelNames,
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
    record: (method, route = unknownRoute, status, seconds) => duration.observe({ method, route, status }, seconds),
  };
}
