import * as docker from "@pulumi/docker";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { registryPort } from "../config/host-ports.ts";
import type { StackConfig } from "../config/stack-config.ts";
import { IngressController } from "../infra/ingress-controller.ts";
import { ingressNodePort } from "../infra/kind/cluster-spec.ts";
import { ClusterMark } from "../infra/kind/cluster-mark.ts";
import { KindCluster } from "../infra/kind/kind-cluster.ts";
import { nodeNetwork } from "../infra/kind/network.ts";
import { managedMetadata } from "../infra/manifest/managed-metadata.ts";
import { peerEgress } from "../infra/manifest/peer-egress.ts";
import { servicePort } from "../infra/manifest/service-port.ts";
import { Microservice } from "../infra/microservice.ts";
import { FleetOwner } from "../infra/ownership/fleet-owner.ts";
import { placeHere } from "../infra/ownership/place.ts";
import { PeerService } from "../infra/peer-service.ts";
import { LocalRegistry } from "../infra/registry/local-registry.ts";
import { registryMirror, registryName } from "../infra/registry/registry-address.ts";
import { RegistryHint } from "../infra/registry/registry-hint.ts";
import { ServiceImage } from "../infra/service-image.ts";
import { ServiceNamespace } from "../infra/service-namespace.ts";
import { images } from "../versions.ts";
import { hostUrl, peerOutputs, type ProgramOutputs, serviceOutputs } from "./outputs.ts";
import type { ResolvedPeer } from "./peers.ts";

/**
 * Declares the resources of one stack, from its cluster to its links.
 *
 * @param buildContext the folder that the service's image is built from
 */
export function deploy(config: StackConfig, peers: readonly ResolvedPeer[], buildContext: string): ProgramOutputs {
  const { name, httpPort } = config.cluster;
  const { fleet } = new FleetOwner("fleet");
  const owner = { fleet, project: pulumi.getProject(), stack: config.stack, ...placeHere() };
  const links = peers.filter(({ omitted }) => omitted === undefined);

  const cluster = new KindCluster(name, {
    ...config.cluster,
    image: images.node,
    registry: registryMirror(config.cluster),
    owner,
  });
  new ClusterMark(`${name}-mark`, { cluster: name, incarnation: cluster.incarnation, owner });
  const registry = new LocalRegistry(
    registryName(name),
    {
      name: registryName(name),
      cluster: name,
      image: images.registry,
      port: registryPort(config.cluster),
      network: nodeNetwork,
      images: ["identity"],
      owner,
    },
    { dependsOn: [cluster] },
  );
  const image = new ServiceImage(
    "identity",
    { registry: registry.host, buildContext, baseImage: images.serviceBase, pushedTo: registry },
    { provider: new docker.Provider("docker") },
  );

  const provider = new k8s.Provider(name, {
    kubeconfig: cluster.kubeconfig,
    clusterIdentifier: cluster.incarnation,
    deleteUnreachable: false,
    enableServerSideApply: true,
  });
  const inCluster: pulumi.ComponentResourceOptions = {
    provider,
    transformations: [deletedTogetherWith(provider), managedMetadata],
  };

  new RegistryHint({ host: registry.host }, inCluster);
  const controller = new IngressController({ image: images.skipper, nodePort: ingressNodePort }, inCluster);
  const namespaceOf = namespaces(links, config.cluster.ipFamily, inCluster);

  for (const service of config.services) {
    const namespace = namespaceOf(service.namespace);
    // An Ingress is complete once the controller has written its status.
    const dependsOn = service.ingress ? [namespace, controller] : [namespace];
    new Microservice({ ...service, image: service.image ?? image.reference }, { ...inCluster, dependsOn });
  }
  for (const { alias, namespace, plan, caCertificate } of links) {
    new PeerService(
      { alias, namespace, target: plan, ipFamily: config.cluster.ipFamily, proxyImage: images.skipper, caCertificate },
      { ...inCluster, dependsOn: namespaceOf(namespace) },
    );
  }

  return {
    url: hostUrl(httpPort),
    exposedUrl: config.exposedUrl ?? pulumi.interpolate`http://${cluster.node}`,
    context: cluster.context,
    image: image.reference,
    services: serviceOutputs(config),
    peers: peerOutputs(peers),
  };
}

/** Returns a function that makes a namespace the first time, and returns the same one from then on. */
function namespaces(
  links: readonly ResolvedPeer[],
  ipFamily: StackConfig["cluster"]["ipFamily"],
  options: pulumi.ComponentResourceOptions,
) {
  // A proxy's callers stay within the cluster. Any namespace's pods may call any alias.
  const direct = links.filter(({ plan }) => plan?.way !== "proxy").map(({ plan }) => peerEgress(plan, ipFamily));
  const peers = [...new Map(direct.map((rule) => [JSON.stringify(rule), rule])).entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, rule]) => rule);
  const made = new Map<string, ServiceNamespace>();
  return (name: string): ServiceNamespace => {
    const namespace = made.get(name) ?? new ServiceNamespace(name, { port: servicePort, peers }, options);
    made.set(name, namespace);
    return namespace;
  };
}

/**
 * Lets Pulumi skip the deletion of what is in a cluster when the cluster itself is deleted, which then takes seconds.
 * Names the provider, which is replaced together with the cluster: Pulumi does not count a cluster that is being
 * replaced as deleted.
 */
const deletedTogetherWith =
  (provider: pulumi.ProviderResource): pulumi.ResourceTransformation =>
  ({ type, props, opts }) =>
    // Components are not deleted by any provider.
    type.startsWith("kubernetes:") ? { props, opts: { ...opts, deletedWith: provider } } : undefined;
