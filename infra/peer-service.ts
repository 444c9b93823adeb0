import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { noAwait } from "./manifest/skip-await.ts";
import { appLabels, selectorLabels } from "./manifest/labels.ts";
import { PeerProxy, proxyPort } from "./peer-proxy.ts";

/** Where a peer is, and how its alias leads there. */
export interface PeerTarget {
  /**
   * `externalName`: a DNS alias; `endpoints`: a Service with the target's address; `proxy`: a proxy in this cluster,
   * which sets the target's host name and speaks TLS for the caller.
   */
  way: "externalName" | "endpoints" | "proxy";
  /** `http://` or `https://`, host, and port. */
  url: string;
  /** A DNS name, or an address without brackets. */
  host: string;
  port: number;
  /** Of an address. */
  ipFamily?: 4 | 6;
}

/** The arguments of {@link PeerService}. */
export interface PeerServiceArgs {
  /** The name by which the cluster's pods call the peer, on port 80. */
  alias: string;
  /** The namespace, which exists. */
  namespace: string;
  /** Where the peer is; undefined while it is not known, in a preview. */
  target: PeerTarget | undefined;
  /** The image of the proxy, where one is needed. */
  proxyImage: pulumi.Input<string>;
  /** The authority, as PEM, that a proxy trusts beside those of its image. @default none */
  caCertificate?: string;
}

/** A service of another cluster under a name in this one. The name stays when the target, or the way, changes. */
export class PeerService extends pulumi.ComponentResource {
  constructor(args: PeerServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    const { alias, namespace, target } = args;
    const id = `${namespace}/${alias}`;
    super("fleet:index:PeerService", id, {}, opts);
    const metadata = { name: alias, namespace, labels: appLabels(alias, "proxy") };

    const dependsOn = target?.way === "proxy" ? [new PeerProxy({ ...args, url: target.url }, { parent: this })] : [];
    new k8s.core.v1.Service(
      id,
      {
        metadata: { ...metadata, annotations: noAwait },
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

/** Kubernetes does not change an address's family, nor take two resources of a name. */
const fixedFamily = (property: string): pulumi.CustomResourceOptions => ({
  replaceOnChanges: [property],
  deleteBeforeReplace: true,
});

/** Callers use port 80 in every way. */
function serviceSpec(alias: string, target: PeerTarget | undefined): pulumi.Input<k8s.types.input.core.v1.ServiceSpec> {
  const port = { name: "http", port: 80, protocol: "TCP" };
  if (target === undefined)
    return { type: "ExternalName", externalName: pulumi.output<string>(pulumi.unknown as never), ports: [port] };
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
