import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { componentType } from "../pulumi/component-type.ts";

export interface RegistryHintArgs {
  /** What image names start with, such as `localhost:5080`. */
  host: pulumi.Input<string>;
}

/**
 * Tells development tools (Tilt, Skaffold) which registry the cluster pulls from.
 *
 * @see https://github.com/kubernetes/enhancements/tree/master/keps/sig-cluster-lifecycle/generic/1755-communicating-a-local-registry
 */
export class RegistryHint extends pulumi.ComponentResource {
  constructor({ host }: RegistryHintArgs, opts?: pulumi.ComponentResourceOptions) {
    const name = "local-registry-hosting";
    super(componentType("RegistryHint"), name, {}, opts);
    new k8s.core.v1.ConfigMap(
      name,
      {
        metadata: { name, namespace: "kube-public" },
        data: {
          "localRegistryHosting.v1": pulumi.jsonStringify({
            host,
            help: "https://kind.sigs.k8s.io/docs/user/local-registry/",
          }),
        },
      },
      { parent: this },
    );
    this.registerOutputs();
  }
}
