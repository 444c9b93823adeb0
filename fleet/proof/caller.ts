import type { StackOutputs } from "../../stacks/outputs.ts";
import { UserError } from "../user-error.ts";
import type { Caller } from "./call-from-pod.ts";

/**
 * Chooses the pod of a stack from which a call is made.
 *
 * @param from `namespace/service`. @default the first service with the stack's own image, which has Node, or else the
 *   first
 * @throws UserError when there is no such service
 */
export function callerOf({ services, context }: StackOutputs, from?: string): Caller {
  const service =
    from === undefined
      ? (services.find(({ image }) => image === undefined) ?? services[0])
      : services.find(({ name, namespace }) => `${namespace}/${name}` === from);
  if (service === undefined) {
    if (services.length === 0) throw new UserError("The stack has no service whose pod could call.");
    const names = services.map(({ name, namespace }) => `${namespace}/${name}`);
    throw new UserError(`No service "${from}" in this stack. Its services: ${names.join(", ")}.`);
  }
  return { context, namespace: service.namespace, deployment: service.name };
}
