import type * as k8s from "@pulumi/kubernetes";

/** Skipper's port for its metrics, which answers as long as the process runs, whatever its routes or targets do. */
const supportPort = 9911;

/**
 * The options that all Skippers here share.
 *
 * @param port the port that it serves on
 * @see https://opensource.zalando.com/skipper/operation/operation/
 */
export const skipperArgs = (port: number): string[] => [
  `-address=:${port}`,
  `-support-listener=:${supportPort}`,
  // It goes on serving this long after SIGTERM, while nodes may still send requests to its pod.
  "-wait-for-healthcheck-interval=5s",
  // As patient with slow clients as the service itself: tests/unit/infra/manifest/skipper.test.ts compares them.
  "-read-header-timeout-server=10s",
  "-read-timeout-server=10s",
  "-access-log-disabled",
];

/** Asks whether the process runs, not whether it has something to serve: a restart would not mend that. */
export const skipperLiveness: k8s.types.input.core.v1.Probe = {
  httpGet: { path: "/metrics", port: supportPort },
  periodSeconds: 10,
  timeoutSeconds: 5,
  failureThreshold: 6,
};

/** Seconds until a roll-out of Skipper counts as failed: the node may have to pull its image, over a slow line. */
export const skipperProgressDeadlineSeconds = 300;

/** Pulumi's timeouts: longer than the progress deadline, to report what Kubernetes says of a failed roll-out. */
export const skipperTimeouts = { create: "6m", update: "6m" };
