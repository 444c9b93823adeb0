import type * as k8s from "@pulumi/kubernetes";

/** The user and group of the images that know no other: distroless' `nonroot`. */
const nonroot = 65532;

/** A pod's security context that the *restricted* Pod Security Standard accepts. */
export const restrictedPod: k8s.types.input.core.v1.PodSecurityContext = {
  runAsNonRoot: true,
  runAsUser: nonroot,
  runAsGroup: nonroot,
  fsGroup: nonroot,
  seccompProfile: { type: "RuntimeDefault" },
};

/** A container's security context that the *restricted* Pod Security Standard accepts. */
export const restrictedContainer: k8s.types.input.core.v1.SecurityContext = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  runAsNonRoot: true,
  runAsUser: nonroot,
  runAsGroup: nonroot,
  capabilities: { drop: ["ALL"] },
};

/** The label that makes a namespace refuse pods which fall short of the standard. */
export const enforceRestricted = { "pod-security.kubernetes.io/enforce": "restricted" };

/** Spreads a workload's pods over the nodes, as far as there are any. */
export const spreadOverNodes = (
  matchLabels: Record<string, string>,
): k8s.types.input.core.v1.TopologySpreadConstraint[] => [
  {
    maxSkew: 1,
    topologyKey: "kubernetes.io/hostname",
    whenUnsatisfiable: "ScheduleAnyway",
    labelSelector: { matchLabels },
  },
];
