import * as pulumi from "@pulumi/pulumi";
import { lazyProvider } from "../pulumi/lazy-provider.ts";

/** The arguments of {@link LocalRegistry}. */
export interface LocalRegistryArgs {
  /** The container's name; {@link registryName} gives the one that the cluster knows. */
  name: pulumi.Input<string>;
  /** The cluster that it serves. */
  cluster: pulumi.Input<string>;
  /** For example `registry:2.8.2`. */
  image: pulumi.Input<string>;
  /** The host's port, on loopback. */
  port: pulumi.Input<number>;
  /** The Docker network of the cluster's nodes. */
  network: pulumi.Input<string>;
  /** `<project>/<stack>`: a container of that name that somebody else made is refused. */
  owner: pulumi.Input<string>;
}

/** The registry container of a cluster. */
export const registryName = (cluster: string) => `${cluster}-registry`;

/** A container registry beside a kind cluster: the host pushes to it, the nodes pull from it. */
export class LocalRegistry extends pulumi.dynamic.Resource {
  /** What image names start with, for example `localhost:5080`. */
  declare readonly host: pulumi.Output<string>;

  constructor(name: string, args: LocalRegistryArgs, opts?: pulumi.CustomResourceOptions) {
    super(
      lazyProvider("infra/registry/provider.ts"),
      name,
      { ...args, host: undefined, container: undefined },
      opts,
      "kind",
      "Registry",
    );
  }
}
