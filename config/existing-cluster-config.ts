import type { IpFamily } from "./cluster-config.ts";
import type { SecureValue } from "./check-service-values.ts";

/** A cluster that was there before, and stays. */
export interface ExistingClusterConfig {
  /** The kubeconfig's context. The current one is never used. */
  context: string;
  /**
   * The kubeconfig file, seen from the stack file, or a kubeconfig's encrypted text: the text itself in the program, what
   * Pulumi made of it in the commands.
   * @default the user's: KUBECONFIG, or else ~/.kube/config
   */
  kubeconfig?: string | SecureValue;
  /** Where images are pushed to, and the nodes pull them from. @default none: it runs images that exist */
  registry?: RegistryConfig;
  /** How it is reached from outside. */
  ingress: IngressConfig;
  /** Which namespaces get policies that deny by default: those that the stack makes, all of its, or none. */
  policies: "made" | "all" | "none";
  /** The addresses that its pods have. @default {@link defaultIpFamily} */
  ipFamily?: IpFamily;
}

/** What stands in place of a kubeconfig's path, in outputs and states, where the stack file has its text as a secret. */
export const secretKubeconfig = "(secret)";

/** A registry that others run. */
export interface RegistryConfig {
  /** What image names start with: host, port and path, such as `registry.example.com/acme`. */
  host: string;
  /** Who pushes, and pulls. @default the Docker engine's own login pushes, and the nodes have one of their own */
  user?: string;
  /** The user's password. @default none: there is no user */
  password?: SecureValue;
  /** The authority, as PEM, that signed the registry's certificate. @default the Docker engine alone looks at it */
  caCertificate?: string;
  /** Whether it speaks plain HTTP, which whoever is on the way can read and change. @default false */
  plainHttp?: boolean;
  /** A Secret in the services' namespaces that the nodes pull with. @default one of ours, if there is a user */
  pullSecret?: string;
}

/** `none`: nothing is reached from outside; `ours`: an ingress controller of the stack's own. */
export type IngressConfig = "none" | "ours" | IngressClassConfig;

/** The ingress controller that a cluster has. */
export interface IngressClassConfig {
  /** The IngressClass. @default the cluster's default one */
  class?: string;
  /** The Secret with the certificate, in the services' namespaces: it exists, or cert-manager makes it. @default no TLS */
  tlsSecret?: string;
  /** Annotations of every Ingress, such as `cert-manager.io/cluster-issuer`. @default none */
  annotations?: Record<string, string>;
  /** The authority, as PEM, that signed the certificate of an https `exposedUrl`. @default publicly trusted ones */
  caCertificate?: string;
}
