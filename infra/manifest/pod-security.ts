import type * as k8s from "@pulumi/kubernetes";

/** The user and group that our containers run as: `nonroot` of the distroless images. */
export const nonroot = 65532;

/** A container's security context that the *restricted* Pod Security Standard accepts. */
export const restrictedContainer: k8s.types.input.core.v1.SecurityContext = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  runAsNonRoot: true,
  runAsUser: nonroot,
  runAsGroup: nonroot,
  capabilities: { drop: ["ALL"] },
};

/** A Pod Security Standard that a service can ask for. */
export type SecurityStandard = "restricted" | "baseline";

/** The user and group of a pod's containers; undefined: the image's own. */
const userOf = (user: number | undefined) => ({ runAsUser: user, runAsGroup: user });

/** A pod's security context that a standard accepts. @param user undefined: the image's own, which then must not be root */
export function podSecurity(
  standard: SecurityStandard,
  user: number | undefined,
): k8s.types.input.core.v1.PodSecurityContext {
  const seccompProfile = { type: "RuntimeDefault" };
  if (standard === "baseline") return { ...userOf(user), fsGroup: user, seccompProfile };
  return { runAsNonRoot: true, ...userOf(user), fsGroup: user, seccompProfile };
}

/** The security context of our own pods: the *restricted* standard accepts it. */
export const restrictedPod = podSecurity("restricted", nonroot);

/** A container's security context that a standard accepts; under either, only mounted folders can be written to. */
export function containerSecurity(standard: SecurityStandard, user: number | undefined): typeof restrictedContainer {
  if (standard === "baseline") return { readOnlyRootFilesystem: true, ...userOf(user) };
  return { ...restrictedContainer, ...userOf(user) };
}

/** The label that makes a namespace refuse pods which violate a standard. */
export const enforce = (standard: SecurityStandard) => ({ "pod-security.kubernetes.io/enforce": standard });
