import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Owner } from "../ownership/owner.ts";

/** A Kubernetes cluster, whatever made it: all that a stack's story needs to know of one. */
export interface Cluster {
  /** The provider of everything in it. */
  provider: k8s.Provider;
  /** What every resource in it is made with: the provider, and what is done to each of them. */
  options: pulumi.ComponentResourceOptions;
  namespaces: ClusterNamespaces;
  /** Where images are pushed to, and its nodes pull them from. @default nowhere: only images that exist run there */
  registry?: ImageRegistry;
  /** The ingress controller that has to be made. @default none: there is one, or nothing is reached from outside */
  ingressController?: IngressControllerShape;
  /** What every Ingress says beside its rules. @default nothing */
  ingress?: IngressShape;
  /** Where this machine calls the ingress. */
  url: UrlOf;
  /** Where other clusters call the ingress, unless the stack file says it. */
  exposedUrl: UrlOf;
  /** The authority, as PEM, that signed the certificate of an https URL of the ingress. @default publicly trusted ones */
  caCertificate?: string;
  /** How kubectl finds it. */
  access: ClusterAccess;
  /**
   * Its identity, whatever made it: the uid of its namespace kube-system.
   * @default not known: kind made it for an earlier version, and it has not been started since
   */
  uid: pulumi.Input<string | undefined>;
  /** Is called once all resources in it are declared. */
  complete: () => void;
}

/** A URL of the ingress, which may depend on the address that an Ingress was given. @param addresses of every Ingress */
export type UrlOf = (addresses: readonly pulumi.Input<string | undefined>[]) => pulumi.Input<string>;

/** How kubectl finds a cluster, as a stack's outputs tell it. */
export interface ClusterAccess {
  /** The kubeconfig's context. */
  context: pulumi.Input<string>;
  /** The kubeconfig file, seen from the stack file; or that its text is a secret of that. @default the user's */
  kubeconfig?: string;
}

/** What is done about a cluster's namespaces. */
export interface ClusterNamespaces {
  /** Makes one, with labels; undefined where it is there, and others'. */
  make: (
    name: string,
    labels: Record<string, string>,
    options: pulumi.CustomResourceOptions,
  ) => pulumi.Resource | undefined;
  /** Whether it gets policies that deny by default. */
  hasPolicies: (name: string) => boolean;
}

/** Where a cluster's images are. */
export interface ImageRegistry {
  /** What image names start with, such as `localhost:5080`. */
  host: pulumi.Input<string>;
  /** What has to be there before images are pushed. */
  ready: pulumi.Input<pulumi.Resource>;
  /** The registry's resource: when it is replaced, the new one is empty, and images are pushed again. @default none */
  resource?: pulumi.Resource;
  /** Who pushes. @default the Docker engine's own login does */
  login?: RegistryLogin;
  /** The Secret by which the pods of a namespace pull; made the first time. @default the nodes can pull by themselves */
  pullSecret?: (namespace: string, options: pulumi.CustomResourceOptions) => pulumi.Input<string>;
}

/** A user of a registry. */
export interface RegistryLogin {
  /** The registry's host and port. */
  server: string;
  username: string;
  password: pulumi.Input<string>;
}

/** How an ingress controller stands in its cluster. */
export interface IngressControllerShape {
  /** Its namespace, which is also the name of what it has in the whole cluster. */
  namespace: string;
  /** The port of every node that leads to it. @default a load balancer does, if the cluster has them */
  nodePort?: number;
  /**
   * The IngressClass that is made for it. It then writes nothing into Ingresses: those without a class may be others'.
   * @default none: it serves every Ingress, and writes their status
   */
  className?: string;
  /** Whether to wait until its load balancer has an address. @default false */
  hasAddress?: boolean;
}

/** What an Ingress says beside its rules. */
export interface IngressShape {
  /** @default the cluster's default class */
  className?: string;
  /** @default none */
  annotations?: Record<string, string>;
  /** The Secret with the certificate. @default no TLS */
  tlsSecret?: string;
  /** The host of rules that name none. @default they are for every host */
  host?: string;
  /** Whether to wait until the controller has given it an address. @default true */
  hasAddress?: boolean;
}

/** For whom and what a cluster is made ready. */
export interface ClusterPurpose {
  owner: Omit<Owner, "fleet" | "engine"> & { fleet: pulumi.Input<string> };
  /** The repositories that the stack pushes, such as `identity`. */
  repositories: string[];
  /** The images that clusters are made of. */
  images: { node: string; registry: string };
  /** What the stack file says of where others reach the cluster. @default nothing */
  exposedUrl?: string;
}
