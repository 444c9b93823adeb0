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

/** Replaces pods one by one, each only once its successor is ready. */
export const oneByOne: k8s.types.input.apps.v1.DeploymentStrategy = {
  type: "RollingUpdate",
  rollingUpdate: { maxUnavailable: 0, maxSurge: 1 },
};
