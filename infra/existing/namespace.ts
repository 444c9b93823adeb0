import type * as pulumi from "@pulumi/pulumi";
import type { InputsOf } from "../pulumi/inputs-of.ts";
import { LazyResource } from "../pulumi/lazy-resource.ts";
import type { NamespaceInputs } from "./namespace-provider.ts";

/**
 * A namespace of a stack's own in a cluster that exists. It is deleted only when nothing of others' is left in it, which
 * Pulumi's own resource for namespaces would not look at.
 */
export class ExistingClusterNamespace extends LazyResource {
  constructor(name: string, args: InputsOf<NamespaceInputs>, opts?: pulumi.CustomResourceOptions) {
    const options = { ...opts, additionalSecretOutputs: ["kubeconfig"] };
    super("infra/existing/namespace-provider.ts", name, { ...args }, options, "existing", "Namespace");
  }
}
