import { basicCredentials } from "../../host/netrc.ts";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { RegistryLogin } from "../cluster/cluster.ts";

/** The Secrets by which pods pull from a registry, one for each namespace. */
export class PullSecrets {
  private readonly dockerConfig: pulumi.Output<string>;
  private readonly made = new Map<string, pulumi.Output<string>>();

  constructor({ server, username, password }: RegistryLogin) {
    this.dockerConfig = pulumi.secret(password).apply((text) => {
      const auth = basicCredentials({ user: username, password: text });
      return JSON.stringify({ auths: { [server]: { username, password: text, auth } } });
    });
  }

  /** The name of a namespace's Secret, which is made the first time. */
  in(namespace: string, options: pulumi.CustomResourceOptions): pulumi.Output<string> {
    const name = this.made.get(namespace) ?? this.make(namespace, options);
    this.made.set(namespace, name);
    return name;
  }

  private make(namespace: string, options: pulumi.CustomResourceOptions): pulumi.Output<string> {
    // Pulumi names it at random, and makes another one when the password changes: the pods are rolled out with its name.
    return new k8s.core.v1.Secret(
      `${namespace}-registry`,
      {
        metadata: { namespace },
        type: "kubernetes.io/dockerconfigjson",
        immutable: true,
        stringData: { ".dockerconfigjson": this.dockerConfig },
      },
      options,
    ).metadata.name;
  }
}
