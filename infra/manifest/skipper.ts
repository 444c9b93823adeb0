import type * as k8s from "@pulumi/kubernetes";

/** Skipper's port for its metrics, which also says that it runs, whatever its routes or targets do. */
const supportPort = 9911;

/**
 * What every Skipper here is told.
 *
 * @param port the port that it serves on
 * @see https://opensource.zalando.com/skipper/operation/operation/
 */
export const skipperArgs = (port: number): string[] => [
  `-address=:${port}`,
  `-support-listener=:${supportPort}`,
  // How long it goes on to serve after it was told to stop, so that the nodes learn of it.
  "-wait-for-healthcheck-interval=5s",
  // As patient with a client's request as the services themselves (service/limits.ts).
  "-read-header-timeout-server=10s",
  "-read-timeout-server=10s",
  "-access-log-disabled",
];

/** Whether it runs, apart from whether it has something to serve: starting it again would not mend that. */
export const skipperLiveness: k8s.types.input.core.v1.Probe = {
  httpGet: { path: "/metrics", port: supportPort },
  periodSeconds: 10,
  timeoutSeconds: 5,
  failureThreshold: 6,
};
