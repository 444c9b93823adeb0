import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { enforceRestricted } from "./manifest/pod-security.ts";

/** The arguments of {@link ServiceNamespace}. */
export interface ServiceNamespaceArgs {
  /** The port of the namespace's pods that anything in the cluster may call. */
  port: number;
  /** TCP ports that the namespace's pods may call outside the cluster. @default none */
  peerPorts?: readonly number[];
}

/** The namespace that every cluster has, and nobody makes. */
const builtIn = "default";

/** A namespace that takes restricted pods only, whose traffic is denied but for what the services need. */
export class ServiceNamespace extends pulumi.ComponentResource {
  constructor(name: string, args: ServiceNamespaceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("fleet:index:ServiceNamespace", name, {}, opts);
    const dependsOn =
      name === builtIn
        ? []
        : [new k8s.core.v1.Namespace(name, { metadata: { name, labels: enforceRestricted } }, { parent: this })];

    const policy = (rule: string, spec: k8s.types.input.networking.v1.NetworkPolicySpec) =>
      new k8s.networking.v1.NetworkPolicy(
        `${name}-${rule}`,
        { metadata: { name: rule, namespace: name }, spec },
        { parent: this, dependsOn },
      );
    const everyPod = { podSelector: {} };
    const inCluster = [{ namespaceSelector: {} }];
    const service = [{ protocol: "TCP", port: args.port }];
    const peers = (args.peerPorts ?? []).map((port) => ({ protocol: "TCP", port }));

    policy("deny-by-default", { ...everyPod, policyTypes: ["Ingress", "Egress"] });
    policy("allow-services", {
      ...everyPod,
      policyTypes: ["Ingress", "Egress"],
      ingress: [{ from: inCluster, ports: service }],
      egress: [{ to: inCluster, ports: service }],
    });
    policy("allow-dns", {
      ...everyPod,
      policyTypes: ["Egress"],
      egress: [
        {
          to: inCluster,
          ports: [
            { protocol: "UDP", port: 53 },
            { protocol: "TCP", port: 53 },
          ],
        },
      ],
    });
    if (peers.length > 0) {
      // A peer's address is not known here, and changes with its cluster: the port is what can be named.
      policy("allow-peers", { ...everyPod, policyTypes: ["Egress"], egress: [{ ports: peers }] });
    }
    this.registerOutputs();
  }
}
