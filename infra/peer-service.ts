import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { IpFamily } from "../config/cluster-config.ts";
import { aliasPort, type LinkPlan } from "../config/link-plan.ts";
import { appLabels, selectorLabels } from "./manifest/labels.ts";
import { skipAwait } from "./manifest/skip-await.ts";
import { PeerProxy, proxyPort } from "./peer-proxy.ts";
import { componentType } from "./pulumi/component-type.ts";

export interface PeerServiceArgs {
  /** The name by which the cluster's pods call the peer, on port 80. */
  alias: string;
  /** An existing namespace. */
  namespace: string;
  /** Where the peer is, and how the alias leads there. Undefined in a preview that doesn't know it yet. */
  target: LinkPlan | undefined;
  /** The address families of the cluster. @default IPv4 alone */
  ipFamily?: IpFamily;
  /** The image of the proxy, where one is needed. */
  proxyImage: pulumi.Input<string>;
  /** The Secret by which the proxy's pods pull it. @default the nodes can pull it by themselves */
  pullSecret?: pulumi.Input<string>;
  /** A certificate authority, as PEM, that a proxy trusts in addition to those of its image. @default none */
  caCertificate?: string;
}

/** A name in this cluster for another cluster's service. It stays when the target, or the way to it, changes. */
export class PeerService extends pulumi.ComponentResource {
  constructor(args: PeerServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    const { alias, namespace, target } = args;
    const id = `${namespace}/${alias}`;
    super(componentType("PeerService"), id, {}, opts);
    const metadata = { name: alias, namespace, labels: appLabels(alias, "proxy") };

    const dependsOn = target?.way === "proxy" ? [new PeerProxy({ ...args, target }, { parent: this })] : [];
    new k8s.core.v1.Service(
      id,
      {
        metadata: { ...metadata, annotations: skipAwait },
        spec: serviceSpec(alias, target),
      },
      { parent: this, dependsOn, ...fixedFamily("spec.ipFamilies[0]") },
    );
    if (target?.way === "endpoints") {
      new k8s.discovery.v1.EndpointSlice(
        id,
        {
          metadata: { ...metadata, labels: { ...metadata.labels, "kubernetes.io/service-name": alias } },
          addressType: target.ipFamily === 6 ? "IPv6" : "IPv4",
          ports: [{ name: "http", port: target.port, protocol: "TCP" }],
          endpoints: [{ addresses: [target.host], conditions: { ready: true } }],
        },
        { parent: this, ...fixedFamily("addressType") },
      );
    }
    this.registerOutputs();
  }
}

/** Kubernetes can't change an address family in place, nor have two resources of the same name at the same time. */
const fixedFamily = (property: string): pulumi.CustomResourceOptions => ({
  replaceOnChanges: [property],
  deleteBeforeReplace: true,
});

/** Whatever the way, callers use the same port. */
function serviceSpec(alias: string, target: LinkPlan | undefined): pulumi.Input<k8s.types.input.core.v1.ServiceSpec> {
  const port = { name: "http", port: aliasPort, protocol: "TCP" };
  if (target === undefined) {
    return { type: "ExternalName", externalName: pulumi.output<string>(pulumi.unknown as never), ports: [port] };
  }
  switch (target.way) {
    case "externalName":
      return { type: "ExternalName", externalName: target.host, ports: [port] };
    case "endpoints":
      return {
        type: "ClusterIP",
        ipFamilyPolicy: "SingleStack",
        ipFamilies: [target.ipFamily === 6 ? "IPv6" : "IPv4"],
        ports: [{ ...port, targetPort: target.port }],
      };
    case "proxy":
      return { type: "ClusterIP", selector: selectorLabels(alias), ports: [{ ...port, targetPort: proxyPort }] };
  }
}
