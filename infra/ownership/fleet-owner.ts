import * as pulumi from "@pulumi/pulumi";
import { lazyProvider } from "../pulumi/lazy-provider.ts";

/**
 * The fleet's id, which the stack's state keeps. It is made first: Pulumi writes the state after each resource, so the
 * id is there before anything that carries it. It outlives a renamed stack, a moved checkout and another backend.
 */
export class FleetOwner extends pulumi.dynamic.Resource {
  declare readonly fleet: pulumi.Output<string>;

  constructor(name: string, opts?: pulumi.CustomResourceOptions) {
    super(lazyProvider("infra/ownership/provider.ts"), name, { fleet: undefined }, opts, "kind", "Owner");
  }
}
