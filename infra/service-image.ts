import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";

/** The arguments of {@link ServiceImage}. */
export interface ServiceImageArgs {
  /** The registry to push to, for example `localhost:5080`. */
  registry: pulumi.Input<string>;
  /** The folder with the Dockerfile and all that it copies. */
  context: pulumi.Input<string>;
  /** The image that the Dockerfile builds on. */
  base: pulumi.Input<string>;
  /** An image pushed to one registry is not in another: a new one here pushes again. */
  pushedTo: pulumi.Resource;
}

/** The image of the service: built from a folder, pushed, and named by its digest. */
export class ServiceImage extends pulumi.ComponentResource {
  /** `repository@sha256:…`: another build has another name, the same build the same. */
  readonly reference: pulumi.Output<string>;

  constructor(name: string, args: ServiceImageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("fleet:index:ServiceImage", name, {}, opts);
    const image = new docker.Image(
      name,
      {
        imageName: pulumi.interpolate`${args.registry}/${name}:latest`,
        build: { context: args.context, args: { BASE: args.base } },
      },
      { parent: this, replaceWith: [args.pushedTo] },
    );
    this.reference = image.repoDigest;
    this.registerOutputs({ reference: this.reference });
  }
}
