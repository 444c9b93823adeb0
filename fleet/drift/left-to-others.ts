import type { StackConfig } from "../../config/stack-config.ts";
import type { ObjectName } from "./drift.ts";

/** Which paths of an object are left to others, and are no drift. */
export type LeftToOthers = (object: ObjectName) => readonly string[];

/** What a stack's file leaves to others: the number of an autoscaled service's pods. */
export function leftToOthers(config: Pick<StackConfig, "services"> | undefined): LeftToOthers {
  const autoscaled = new Set(
    config?.services
      .filter(({ replicas }) => replicas === "autoscaled")
      .map(({ namespace, name }) => `${namespace}/${name}`),
  );
  return ({ kind, namespace, name }) =>
    kind === "Deployment" && autoscaled.has(`${namespace}/${name}`) ? ["spec.replicas"] : [];
}
