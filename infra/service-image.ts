import { dirname, join, relative } from "node:path";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { ImageBuild } from "../config/image-plan.ts";
import { machinePlatform } from "../host/docker-build.ts";
import type { ImageRegistry } from "./cluster/cluster.ts";
import { componentType } from "./pulumi/component-type.ts";

export interface ServiceImageArgs {
  registry: ImageRegistry;
  /** What it is built from. */
  build: Omit<ImageBuild, "name">;
  /**
   * What tells of the images that it builds on: a change builds it anew, even where the Dockerfile names the same tag.
   * null: no engine answers, so it is taken to be as before.
   * @default it builds on none
   */
  baseImages?: string | null;
}

/** The build argument that no Dockerfile reads. A plugin compares arguments, but not what a tag means to the engine. */
const baseArgument = "FLEET_BASE_IMAGES";

const programFolder = join(dirname(import.meta.dirname), "stacks");

/**
 * A path as a plugin, which Pulumi starts in the program's folder, finds it. The state keeps it, and another checkout of
 * the project, at another place, has nothing to build anew.
 */
const fromProgram = (path: string): string => relative(programFolder, path) || ".";

/** An image of services: built from a folder, pushed, and named by its digest. */
export class ServiceImage extends pulumi.ComponentResource {
  /** `repository@sha256:…`: it changes exactly when the image does. */
  readonly reference: pulumi.Output<string>;

  constructor(name: string, args: ServiceImageArgs, opts?: pulumi.ComponentResourceOptions) {
    super(componentType("ServiceImage"), name, {}, opts);
    const { registry, build, baseImages } = args;
    const image = new docker.Image(
      name,
      {
        imageName: pulumi.interpolate`${registry.host}/${name}:latest`,
        build: {
          context: fromProgram(build.context),
          dockerfile: build.dockerfile && fromProgram(build.dockerfile),
          target: build.target,
          // Where none is given, the plugin takes this one, and advises at every preview to give one.
          platform: build.platform ?? machinePlatform(),
          args: typeof baseImages === "string" ? { ...build.args, [baseArgument]: baseImages } : build.args,
        },
        registry: registry.login,
      },
      {
        parent: this,
        dependsOn: registry.ready,
        replaceWith: registry.resource && [registry.resource],
        ignoreChanges: baseImages === null ? [`build.args.${baseArgument}`] : undefined,
      },
    );
    this.reference = image.repoDigest;
    this.registerOutputs({ reference: this.reference });
  }
}
