import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { EgressRule } from "./manifest/peer-egress.ts";
import { enforce, type SecurityStandard } from "./manifest/pod-security.ts";
import { componentType } from "./pulumi/component-type.ts";

/** A port that pods listen on. */
export interface PodPort {
  protocol: "TCP" | "UDP";
  /** Its number, or its name in the pods. */
  port: number | string;
}

export interface ServiceNamespaceArgs {
  /** The ports of the namespace's own pods, which every pod of the cluster may call, and those of all pods. */
  ports: { own: readonly PodPort[]; all: readonly PodPort[] };
  /** The Pod Security Standard that its pods must meet. @default "restricted" */
  security?: SecurityStandard;
  /** What all of the namespace's pods may call outside the cluster. @default nothing */
  peers?: readonly EgressRule[];
}

/** This namespace exists in every cluster, and can't be created. */
const builtIn = "default";

/** A namespace that admits only restricted pods (unless it is built in), and only the traffic that services need. */
export class ServiceNamespace extends pulumi.ComponentResource {
  constructor(name: string, args: ServiceNamespaceArgs, opts?: pulumi.ComponentResourceOptions) {
    super(componentType("ServiceNamespace"), name, {}, opts);
    const dependsOn =
      name === builtIn
        ? []
        : [
            new k8s.core.v1.Namespace(
              name,
              { metadata: { name, labels: enforce(args.security ?? "restricted") } },
              { parent: this },
            ),
          ];

    const policy = (rule: string, spec: k8s.types.input.networking.v1.NetworkPolicySpec) =>
      new k8s.networking.v1.NetworkPolicy(
        `${name}-${rule}`,
        { metadata: { name: rule, namespace: name }, spec },
        { parent: this, dependsOn },
      );
    const everyPod = { podSelector: {} };
    const inCluster = [{ namespaceSelector: {} }];
    const { own, all } = args.ports;
    const egress = [...(args.peers ?? [])];

    policy("deny-by-default", { ...everyPod, policyTypes: ["Ingress", "Egress"] });
    policy("allow-services", {
      ...everyPod,
      policyTypes: ["Ingress", "Egress"],
      // A rule without ports would allow all of them.
      ingress: own.length === 0 ? [] : [{ from: inCluster, ports: [...own] }],
      egress: all.length === 0 ? [] : [{ to: inCluster, ports: [...all] }],
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
    if (egress.length > 0) policy("allow-peers", { ...everyPod, policyTypes: ["Egress"], egress });
    this.registerOutputs();
  }
}
