import type * as pulumi from "@pulumi/pulumi";
import { LazyResource } from "../pulumi/lazy-resource.ts";

/**
 * The fleet's id, which the stack's state keeps. It is made first: Pulumi writes the state after each resource, so the
 * id is there before anything that carries it. It outlives a renamed stack, a moved checkout and another backend.
 */
export class FleetOwner extends LazyResource {
  declare readonly fleet: pulumi.Output<string>;

  constructor(name: string, opts?: pulumi.CustomResourceOptions) {
    super("infra/ownership/provider.ts", name, { fleet: undefined }, opts, "kind", "Owner");
  }
}
