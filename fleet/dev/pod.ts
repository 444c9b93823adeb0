/** The part of a pod that `npm run dev` reads. */
export interface Pod {
  metadata: {
    uid: string;
    name: string;
    namespace: string;
    labels?: Record<string, string>;
    deletionTimestamp?: string;
    resourceVersion?: string;
  };
  spec: { containers: { name: string; image: string; command?: string[] }[] };
  status?: {
    conditions?: { type: string; status: string }[];
    containerStatuses?: {
      name: string;
      containerID?: string;
      state?: { running?: object; waiting?: { reason?: string; message?: string } };
    }[];
  };
}

/** The service that a pod is of, as `namespace/name`. */
export const serviceOf = ({ metadata }: Pod): string =>
  `${metadata.namespace}/${metadata.labels?.["app.kubernetes.io/name"] ?? metadata.name}`;

/** True unless the pod is being deleted, or has ended. */
export const isStaying = ({ metadata }: Pod): boolean => metadata.deletionTimestamp === undefined;

export const isReady = ({ status }: Pod): boolean =>
  status?.conditions?.some(({ type, status: value }) => type === "Ready" && value === "True") === true;

/** The id of the pod's running first container; undefined when it does not run. */
export function runningContainer({ spec, status }: Pod): string | undefined {
  const [container] = spec.containers;
  const found = status?.containerStatuses?.find(({ name }) => name === container?.name);
  return found?.state?.running === undefined ? undefined : found.containerID;
}

/** Why the pod's first container does not run, in Kubernetes' words; undefined when it does, or nothing is known. */
export function waitingReason({ spec, status }: Pod): string | undefined {
  const [container] = spec.containers;
  const waiting = status?.containerStatuses?.find(({ name }) => name === container?.name)?.state?.waiting;
  return [waiting?.reason, waiting?.message].filter((text) => text !== undefined).join(": ") || undefined;
}
