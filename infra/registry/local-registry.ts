import * as pulumi from "@pulumi/pulumi";
import type { InputsOf } from "../pulumi/inputs-of.ts";
import { LazyResource } from "../pulumi/lazy-resource.ts";
import type { RegistryInputs } from "./provider.ts";
import { registryHost } from "./registry-address.ts";

export type LocalRegistryArgs = InputsOf<RegistryInputs>;

/** A container registry next to a kind cluster: the host pushes to it, and the nodes pull from it. */
export class LocalRegistry extends LazyResource {
  /** What image names start with, such as `localhost:5080`. */
  declare readonly host: pulumi.Output<string>;

  constructor(name: string, args: LocalRegistryArgs, opts?: pulumi.CustomResourceOptions) {
    // Given as an input, the host is known in a preview, too, where the registry is to be changed.
    const host = pulumi.output(args.port).apply(registryHost);
    super("infra/registry/provider.ts", name, { ...args, host, container: undefined }, opts, "kind", "Registry");
  }
}
