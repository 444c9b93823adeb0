import type * as k8s from "@pulumi/kubernetes";

/** The user and group that our containers run as: `nonroot` of the distroless images. */
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

/** The label that makes a namespace refuse pods which violate that standard. */
export const enforceRestricted = { "pod-security.kubernetes.io/enforce": "restricted" };
