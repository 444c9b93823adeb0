import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Owner } from "../ownership/owner.ts";

/** A Kubernetes cluster, whatever made it: all that a stack's story needs to know of one. */
export interface Cluster {
  /** The provider of everything in it. */
  provider: k8s.Provider;
  /** What every resource in it is made with: the provider, and what is done to each of them. */
  options: pulumi.ComponentResourceOptions;
  /** Where images are pushed to, and its nodes pull them from. */
  registry: ImageRegistry;
  /** The ingress controller that has to be made. @default none: there is one, or nothing is reached from outside */
  ingressController?: IngressControllerShape;
  /** Where this machine calls the ingress. */
  url: pulumi.Input<string>;
  /** Where other clusters call the ingress. */
  exposedUrl: pulumi.Input<string>;
  /** The kubeconfig's context. */
  context: pulumi.Input<string>;
}

/** Where a cluster's images are. */
export interface ImageRegistry {
  /** What image names start with, such as `localhost:5080`. */
  host: pulumi.Input<string>;
  /** The registry's resource: when it is replaced, the new registry is empty, and images are pushed again. */
  resource: pulumi.Resource;
}

/** How an ingress controller stands in its cluster. */
export interface IngressControllerShape {
  /** The port of every node that leads to the controller. */
  nodePort: number;
}

/** For whom and what a cluster is made ready. */
export interface ClusterPurpose {
  owner: Omit<Owner, "fleet" | "engine"> & { fleet: pulumi.Input<string> };
  /** The repositories that the stack pushes, such as `identity`. */
  repositories: string[];
  /** The images that clusters are made of. */
  images: { node: string; registry: string };
}
