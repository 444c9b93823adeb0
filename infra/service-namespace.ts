import { createHash } from "node:crypto";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { defaultPort } from "../config/workload.ts";
import type { ClusterNamespaces } from "./cluster/cluster.ts";
import type { EgressRule } from "./manifest/peer-egress.ts";
import { enforce, type SecurityStandard } from "./manifest/pod-security.ts";
import { componentType } from "./pulumi/component-type.ts";

/** A port that pods listen on. */
export interface PodPort {
  protocol: "TCP" | "UDP";
  port: number;
}

export interface ServiceNamespaceArgs {
  /** What is done about the namespaces of its cluster. */
  namespaces: ClusterNamespaces;
  /** The ports of the namespace's own pods, which every pod of the cluster may call, and those of all pods. */
  ports: { own: readonly PodPort[]; all: readonly PodPort[] };
  /** The Pod Security Standard that its pods must meet. @default "restricted" */
  security?: SecurityStandard;
  /** What all of the namespace's pods may call outside the cluster. @default nothing */
  peers?: readonly EgressRule[];
}

/** A namespace that admits only restricted pods and only the traffic that services need, as far as it is the stack's. */
export class ServiceNamespace extends pulumi.ComponentResource {
  constructor(name: string, args: ServiceNamespaceArgs, opts?: pulumi.ComponentResourceOptions) {
    super(componentType("ServiceNamespace"), name, {}, opts);
    const labels = enforce(args.security ?? "restricted");
    const namespace = args.namespaces.make(name, labels, { parent: this });
    if (args.namespaces.hasPolicies(name)) this.addPolicies(name, args, namespace === undefined ? [] : [namespace]);
    this.registerOutputs();
  }

  private addPolicies(name: string, args: ServiceNamespaceArgs, dependsOn: pulumi.Resource[]): void {
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
    policy(servicesRule([...own, ...all]), {
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
  }
}

/**
 * The name of the policy that lets services be called. Other ports make another policy: it is there before the pods that
 * listen on them, and the last one goes when all pods are replaced, or stays when they can't be. Policies could name the
 * ports instead, but networks learn a new pod's named ports later than that it is ready.
 */
function servicesRule(ports: readonly PodPort[]): string {
  const name = "allow-services";
  const others = ports.filter(({ port, protocol }) => port !== defaultPort || protocol !== "TCP");
  if (others.length === 0) return name;
  const hash = createHash("sha256").update(JSON.stringify(ports)).digest("hex").slice(0, 8);
  return `${name}-${hash}`;
}
