import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { SecureValue } from "../config/check-service-values.ts";
import { componentType } from "./pulumi/component-type.ts";

export interface ContainerSecretsArgs {
  /** The service that they belong to. */
  name: string;
  namespace: string;
  labels: Record<string, string>;
  /** By variable. */
  values: Readonly<Record<string, SecureValue>>;
}

/** The secret variables of a container, in a Kubernetes Secret. */
export class ContainerSecrets extends pulumi.ComponentResource {
  /** The variables, each of which refers to the Secret. */
  readonly env: k8s.types.input.core.v1.EnvVar[];

  constructor({ name, namespace, labels, values }: ContainerSecretsArgs, opts?: pulumi.ComponentResourceOptions) {
    super(componentType("ContainerSecrets"), `${namespace}/${name}`, {}, opts);
    const texts = Object.entries(values).map(([variable, { secure }]) => [variable, pulumi.secret(secure)] as const);
    // Without a name in its metadata, Pulumi names it at random, and makes another one when a value changes. The pods
    // are rolled out with the new name, those before keep what they started with, and no hash tells of the values.
    const secret = new k8s.core.v1.Secret(
      `${namespace}.${name}`,
      { metadata: { namespace, labels }, immutable: true, stringData: Object.fromEntries(texts) },
      { parent: this },
    );
    this.env = texts.map(([variable]) => ({
      name: variable,
      valueFrom: { secretKeyRef: { name: secret.metadata.name, key: variable } },
    }));
    this.registerOutputs();
  }
}
