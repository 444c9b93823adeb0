import type * as pulumi from "@pulumi/pulumi";
import type { InputsOf } from "../pulumi/inputs-of.ts";
import { LazyResource } from "../pulumi/lazy-resource.ts";
import { clusterTimeouts } from "./lifecycle.ts";
import type { KindClusterInputs } from "./provider.ts";

export type KindClusterArgs = InputsOf<KindClusterInputs>;

/**
 * A Kubernetes cluster in Docker containers, made by the kind CLI. A stopped one is started. It is replaced when it is
 * gone or half-made, or when its name, image, port, number of workers or IP family changes.
 */
export class KindCluster extends LazyResource {
  /** For the cluster's administrator; a secret. */
  declare readonly kubeconfig: pulumi.Output<string>;
  /** The context in the user's kubeconfig. */
  declare readonly context: pulumi.Output<string>;
  /** The control plane's name on the Docker network that all kind clusters share. */
  declare readonly node: pulumi.Output<string>;
  /** Different for every cluster that is made, even under the same name. Only the maker needs it: see {@link uid}. */
  declare readonly incarnation: pulumi.Output<string>;
  /** The uid of its namespace kube-system; undefined of one that an earlier version made, until it is started again. */
  declare readonly uid: pulumi.Output<string | undefined>;

  constructor(name: string, args: KindClusterArgs, opts?: pulumi.CustomResourceOptions) {
    const facts = { kubeconfig: undefined, incarnation: undefined, uid: undefined };
    const outputs = { ...facts, context: undefined, node: undefined };
    super(
      "infra/kind/provider.ts",
      name,
      { ...args, ...outputs },
      {
        ...opts,
        additionalSecretOutputs: ["kubeconfig"],
        customTimeouts: { ...clusterTimeouts, ...opts?.customTimeouts },
      },
      "kind",
      "Cluster",
    );
  }
}
