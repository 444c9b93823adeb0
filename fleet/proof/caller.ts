import type { ServiceOutput, StackOutputs } from "../../stacks/outputs.ts";
import { UserError } from "../user-error.ts";

/**
 * Chooses the service of a stack from whose pod, or in whose stead, a call is made.
 *
 * @param from `namespace/service`. @default the first with the stack's own image, which has Node, or else the first
 * @throws UserError when there is no such service
 */
export function callingService({ services }: Pick<StackOutputs, "services">, from?: string): ServiceOutput {
  const service =
    from === undefined
      ? (services.find(({ image }) => image === undefined) ?? services[0])
      : services.find(({ name, namespace }) => `${namespace}/${name}` === from);
  if (service !== undefined) return service;
  if (services.length === 0) throw new UserError("The stack has no service whose pod could call.");
  const names = services.map(({ name, namespace }) => `${namespace}/${name}`);
  throw new UserError(`No service "${from}" in this stack. Its services: ${names.join(", ")}.`);
}
