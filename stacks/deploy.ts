import * as docker from "@pulumi/docker";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { ServiceImage } from "../infra/service-image.ts";
import { IngressController } from "../infra/ingress-controller.ts";
import { KindCluster } from "../infra/kind/kind-cluster.ts";
import { ingressNodePort } from "../infra/kind/cluster-spec.ts";
import { Microservice, servicePort } from "../infra/microservice.ts";
import { ServiceNamespace } from "../infra/service-namespace.ts";
import { PeerService } from "../infra/peer-service.ts";
import { LocalRegistry, registryName } from "../infra/registry/local-registry.ts";
import { RegistryHint } from "../infra/registry/registry-hint.ts";
import { images } from "../versions.ts";
import { registryPort, type StackConfig } from "../config/stack-config.ts";
import { hostUrl, peerOutputs, serviceOutputs, type StackOutputs } from "./outputs.ts";
import type { ResolvedPeer } from "./peers.ts";

/** The network that kind puts every node on, and that makes one cluster's node reachable from another's pods. */
const nodeNetwork = "kind";

/**
 * One stack, from its cluster to its links.
 *
 * @param context the folder that the service's image is built from
 */
export function deploy(config: StackConfig, peers: readonly ResolvedPeer[], context: string): StackOutputs {
  const owner = `${pulumi.getProject()}/${config.stack}`;
  const { name, httpPort, workers, ipFamily } = config.cluster;
  const port = registryPort(config.cluster);
  const mirror = { host: `localhost:${port}`, endpoint: `http://${registryName(name)}:5000` };

  const cluster = new KindCluster(name, {
    name,
    image: images.node,
    httpPort,
    workers,
    ...(ipFamily === "dual" && { ipFamily }),
    registry: mirror,
    owner,
  });
  const registry = new LocalRegistry(
    registryName(name),
    { name: registryName(name), cluster: name, image: images.registry, port, network: nodeNetwork, owner },
    { dependsOn: [cluster] },
  );
  const image = new ServiceImage(
    "identity",
    { registry: registry.host, context, base: images.serviceBase, pushedTo: registry },
    { provider: new docker.Provider("docker") },
  );

  const provider = new k8s.Provider(name, {
    kubeconfig: cluster.kubeconfig,
    clusterIdentifier: cluster.incarnation,
    deleteUnreachable: false,
    enableServerSideApply: true,
  });
  const inCluster: pulumi.ComponentResourceOptions = { provider, transformations: [goesWith(provider)] };

  new RegistryHint({ host: registry.host }, inCluster);
  const controller = new IngressController({ image: images.skipper, nodePort: ingressNodePort }, inCluster);

  const present = peers.filter((peer) => !peer.omitted);
  const peerPorts = [...new Set(present.map((peer) => peer.plan?.port ?? 80))].sort((a, b) => a - b);
  const names = new Set([...config.services, ...present].map(({ namespace }) => namespace));
  const namespaces = new Map(
    [...names].map((namespace) => [
      namespace,
      new ServiceNamespace(namespace, { port: servicePort, peerPorts }, inCluster),
    ]),
  );
  const within = (namespace: string) => [namespaces.get(namespace)].filter((found) => found !== undefined);

  for (const service of config.services) {
    // An Ingress is whole once the controller has written its status.
    const dependsOn = [...within(service.namespace), ...(service.ingress ? [controller] : [])];
    new Microservice({ ...service, image: service.image ?? image.reference }, { ...inCluster, dependsOn });
  }
  for (const peer of present) {
    const { alias, namespace, plan, caCertificate } = peer;
    new PeerService(
      {
        alias,
        namespace,
        target: plan,
        proxyImage: images.skipper,
        ...(caCertificate !== undefined && { caCertificate }),
      },
      { ...inCluster, dependsOn: within(namespace) },
    );
  }

  return {
    url: hostUrl(httpPort),
    exposedUrl: config.exposedUrl ?? pulumi.interpolate`http://${cluster.node}`,
    context: cluster.context,
    kubeconfig: pulumi.secret(cluster.kubeconfig),
    image: image.reference,
    services: serviceOutputs(config),
    peers: peerOutputs(peers),
  };
}

/**
 * What is in a cluster goes away with it, so destroying one takes seconds. It says so of the provider, which is bound
 * to this very cluster: while a cluster is replaced, Pulumi does not count it as deleted.
 */
const goesWith =
  (provider: pulumi.ProviderResource): pulumi.ResourceTransformation =>
  ({ type, props, opts }) =>
    // Components are nobody's to delete.
    type.startsWith("kubernetes:") ? { props, opts: { ...opts, deletedWith: provider } } : undefined;
