import type * as pulumi from "@pulumi/pulumi";
import type { InputsOf } from "../pulumi/inputs-of.ts";
import { LazyResource } from "../pulumi/lazy-resource.ts";
import type { ClusterMarkInputs } from "./mark-provider.ts";

export type ClusterMarkArgs = InputsOf<ClusterMarkInputs>;

/**
 * Keeps the marks on a cluster's nodes true: who has it, when a stack is renamed, a checkout moved, a lost cluster taken
 * over, or the cluster was made by an earlier version. It is not a part of the cluster's resource, since a preview
 * of an update of that one can't know the kubeconfig any more, and would show everything replaced.
 */
export class ClusterMark extends LazyResource {
  constructor(name: string, args: ClusterMarkArgs, opts?: pulumi.CustomResourceOptions) {
    super("infra/kind/mark-provider.ts", name, { ...args }, opts, "kind", "Mark");
  }
}
