import * as pulumi from "@pulumi/pulumi";
import { lazyProvider } from "../pulumi/lazy-provider.ts";

/** The arguments of {@link KindCluster}. */
export interface KindClusterArgs {
  /** The cluster's name; its kubeconfig context is `kind-<name>`. */
  name: pulumi.Input<string>;
  /** The node image, for example `kindest/node:v1.34.2`. */
  image: pulumi.Input<string>;
  /** The host's port, on loopback, that leads to the ingress controller. */
  httpPort: pulumi.Input<number>;
  /** Nodes besides the control plane. */
  workers: pulumi.Input<number>;
  /** IPv6 beside IPv4, for its pods and Services. @default IPv4 only */
  ipFamily?: pulumi.Input<"dual">;
  /** The registry that the nodes pull from: its name on the host, and its address on the nodes' network. */
  registry: pulumi.Input<{ host: pulumi.Input<string>; endpoint: pulumi.Input<string> }>;
  /** `<project>/<stack>`: a cluster of that name that somebody else made is refused. */
  owner: pulumi.Input<string>;
}

/**
 * A Kubernetes cluster in Docker containers, made by the kind CLI. A stopped one is started, a half-made one made
 * anew; only a change of the name, the image, the port, the workers or the IP family replaces it.
 */
export class KindCluster extends pulumi.dynamic.Resource {
  /** For the cluster's administrator; a secret. */
  declare readonly kubeconfig: pulumi.Output<string>;
  /** The context in the user's kubeconfig. */
  declare readonly context: pulumi.Output<string>;
  /** The control plane's name on the Docker network that all kind clusters share. */
  declare readonly node: pulumi.Output<string>;
  /** Another value for every cluster that is made, even under the same name. */
  declare readonly incarnation: pulumi.Output<string>;

  constructor(name: string, args: KindClusterArgs, opts?: pulumi.CustomResourceOptions) {
    const outputs = { kubeconfig: undefined, context: undefined, node: undefined, incarnation: undefined };
    super(
      lazyProvider("infra/kind/provider.ts"),
      name,
      { ...args, ...outputs },
      {
        ...opts,
        additionalSecretOutputs: ["kubeconfig"],
        customTimeouts: { create: "10m", update: "5m", delete: "5m", ...opts?.customTimeouts },
      },
      "kind",
      "Cluster",
    );
  }
}
