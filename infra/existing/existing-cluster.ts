import type * as pulumi from "@pulumi/pulumi";
import type { InputsOf } from "../pulumi/inputs-of.ts";
import { LazyResource } from "../pulumi/lazy-resource.ts";
import type { ExistingClusterInputs } from "./provider.ts";

export type ExistingClusterArgs = InputsOf<ExistingClusterInputs>;

/** Remembers which cluster a stack is on. Nothing of it exists outside the state. */
export class ExistingCluster extends LazyResource {
  constructor(name: string, args: ExistingClusterArgs, opts?: pulumi.CustomResourceOptions) {
    super("infra/existing/provider.ts", name, { ...args }, opts, "existing", "Cluster");
  }
}
