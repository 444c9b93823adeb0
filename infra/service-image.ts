import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { componentType } from "./pulumi/component-type.ts";

export interface ServiceImageArgs {
  /** The registry to push to, such as `localhost:5080`. */
  registry: pulumi.Input<string>;
  /** The folder to build from, with the Dockerfile and everything that it copies. */
  buildContext: pulumi.Input<string>;
  /** The image that the Dockerfile builds on, its build argument `BASE`. */
  baseImage: pulumi.Input<string>;
  /** The registry's resource: when it is replaced, the new registry is empty, and the image is pushed again. */
  pushedTo: pulumi.Resource;
}

/** The image of the service: built from a folder, pushed, and named by its digest. */
export class ServiceImage extends pulumi.ComponentResource {
  /** `repository@sha256:…`: it changes exactly when the image does. */
  readonly reference: pulumi.Output<string>;

  constructor(name: string, args: ServiceImageArgs, opts?: pulumi.ComponentResourceOptions) {
    super(componentType("ServiceImage"), name, {}, opts);
    const image = new docker.Image(
      name,
      {
        imageName: pulumi.interpolate`${args.registry}/${name}:latest`,
        build: { context: args.buildContext, args: { BASE: args.baseImage } },
      },
      { parent: this, replaceWith: [args.pushedTo] },
    );
    this.reference = image.repoDigest;
    this.registerOutputs({ reference: this.reference });
  }
}
