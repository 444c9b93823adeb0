// Users' states hold the path of this file (infra/pulumi/lazy-resource.ts), and no import refers to its functions.
import type * as pulumi from "@pulumi/pulumi";
import { otherClusterRefusal } from "./other-cluster.ts";

/** The resource's inputs, which are its outputs, too. */
export interface ExistingClusterInputs {
  /** The kubeconfig's context. */
  context: string;
  /** The kubeconfig file, as the stack file says it; or that its text is a secret of that. @default the user's */
  kubeconfig?: string;
  /** The address of the API server. */
  server: string;
  /** The uid of the cluster's namespace kube-system. */
  uid: string;
  /** The stack, for messages. */
  stack: string;
}

export const check = (
  _olds: Partial<ExistingClusterInputs>,
  news: ExistingClusterInputs,
): Promise<pulumi.dynamic.CheckResult<ExistingClusterInputs>> => Promise.resolve({ inputs: news, failures: [] });

/** @throws Error when the context leads to another cluster than the stack is on */
export function diff(
  _id: string,
  olds: ExistingClusterInputs,
  news: ExistingClusterInputs,
): Promise<pulumi.dynamic.DiffResult> {
  const refusal = otherClusterRefusal(olds, news);
  if (refusal !== undefined) return Promise.reject(new Error(refusal));
  const properties = ["context", "kubeconfig", "server", "stack"] as const;
  return Promise.resolve({ changes: properties.some((key) => olds[key] !== news[key]), replaces: [] });
}

export const create = (inputs: ExistingClusterInputs): Promise<pulumi.dynamic.CreateResult<ExistingClusterInputs>> =>
  Promise.resolve({ id: inputs.uid, outs: inputs });

export const update = (
  _id: string,
  _olds: ExistingClusterInputs,
  news: ExistingClusterInputs,
): Promise<pulumi.dynamic.UpdateResult<ExistingClusterInputs>> => Promise.resolve({ outs: news });

export const read = (
  id: string,
  props?: ExistingClusterInputs,
): Promise<pulumi.dynamic.ReadResult<ExistingClusterInputs>> => Promise.resolve({ id, props });

/** The cluster stays. */
const remove = (): Promise<void> => Promise.resolve();
export { remove as delete };
