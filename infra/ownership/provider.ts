// Users' states hold the path of this file (infra/pulumi/lazy-resource.ts), and no import refers to its functions.
import { randomUUID } from "node:crypto";
import type * as pulumi from "@pulumi/pulumi";

/** The resource's outputs, which the state keeps. */
export interface FleetOwnerOutputs {
  /** The fleet's id. */
  fleet: string;
}

export const check = (_olds: object, news: object): Promise<pulumi.dynamic.CheckResult> =>
  Promise.resolve({ inputs: news, failures: [] });

/** Nothing makes a fleet another one. */
export const diff = (): Promise<pulumi.dynamic.DiffResult> => Promise.resolve({ changes: false });

export function create(): Promise<pulumi.dynamic.CreateResult<FleetOwnerOutputs>> {
  const fleet = randomUUID();
  return Promise.resolve({ id: fleet, outs: { fleet } });
}

export const read = (id: string, props?: FleetOwnerOutputs): Promise<pulumi.dynamic.ReadResult<FleetOwnerOutputs>> =>
  Promise.resolve({ id, props: props ?? { fleet: id } });

export const update = (_id: string, olds: FleetOwnerOutputs): Promise<pulumi.dynamic.UpdateResult<FleetOwnerOutputs>> =>
  Promise.resolve({ outs: olds });

const remove = (): Promise<void> => Promise.resolve();
export { remove as delete };
