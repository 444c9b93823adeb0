import type * as k8s from "@pulumi/kubernetes";
import { restrictedPod } from "./pod-security.ts";

/** What the pods of all our workloads have in common. @param matchLabels the labels that select the workload's pods */
export const podDefaults = (matchLabels: Record<string, string>) =>
  ({
    enableServiceLinks: false,
    securityContext: restrictedPod,
    // Spreads the pods over the nodes.
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: "kubernetes.io/hostname",
        whenUnsatisfiable: "ScheduleAnyway",
        labelSelector: { matchLabels },
      },
    ],
  }) satisfies Partial<k8s.types.input.core.v1.PodSpec>;

/** Starts all new pods at once, as far as there is room for them, and ends an old one for each that is ready. */
export const allAtOnce = {
  type: "RollingUpdate",
  rollingUpdate: { maxUnavailable: 0, maxSurge: "100%" },
} satisfies k8s.types.input.apps.v1.DeploymentStrategy;
