import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { ServiceConfig } from "../config/service-config.ts";
import type { StackConfig } from "../config/stack-config.ts";
import { workloadOf } from "../config/workload.ts";
import { type ImageFacts, imageProblem } from "../infra/image-fitness.ts";
import { IngressController } from "../infra/ingress-controller.ts";
import type { Cluster, ImageRegistry } from "../infra/cluster/cluster.ts";
import type { ClusterFacts } from "../infra/existing/cluster-facts.ts";
import { makeCluster } from "../infra/make-cluster.ts";
import { type EgressRule, peerEgress } from "../infra/manifest/peer-egress.ts";
import { Microservice } from "../infra/microservice.ts";
import { FleetOwner } from "../infra/ownership/fleet-owner.ts";
import { placeHere } from "../infra/ownership/place.ts";
import { proxyPort } from "../infra/peer-proxy.ts";
import { PeerService } from "../infra/peer-service.ts";
import { ServiceImage } from "../infra/service-image.ts";
import { type PodPort, ServiceNamespace } from "../infra/service-namespace.ts";
import { withoutUndefined } from "../host/without-undefined.ts";
import { images as clusterImages } from "../versions.ts";
import type { Extra } from "./extra.ts";
import { identityImage, type StackImages } from "./images.ts";
import { peerOutputs, type ProgramOutputs, serviceOutputs } from "./outputs.ts";
import type { ResolvedPeer } from "./peers.ts";

/**
 * Declares the resources of one stack, from its cluster to its links.
 *
 * @param images the images that it builds, and which service runs which
 * @param surroundings what the machine has
 */
export async function deploy(
  config: StackConfig,
  peers: readonly ResolvedPeer[],
  images: StackImages,
  surroundings: Surroundings,
): Promise<ProgramOutputs> {
  const { fleet } = new FleetOwner("fleet");
  const owner = { fleet, project: pulumi.getProject(), stack: config.stack, ...placeHere() };
  const links = peers.filter(({ omitted }) => omitted === undefined);

  const purpose = {
    owner,
    repositories: images.all.map((image) => image.name),
    images: clusterImages,
    exposedUrl: config.exposedUrl,
  };
  const cluster = makeCluster(config.cluster, purpose, surroundings.clusterFacts);
  const builder = new docker.Provider("docker");
  const { registry } = cluster;
  const pushed = new Map(
    (registry === undefined ? [] : images.all).map(({ name: imageName, baseImages, ...build }) => {
      const args = { registry: registry as ImageRegistry, build, baseImages };
      return [imageName, new ServiceImage(imageName, args, { provider: builder }).reference] as const;
    }),
  );
  const pushedAs = (imageName: string | undefined) => (imageName === undefined ? undefined : pushed.get(imageName));

  const inCluster = cluster.options;
  const skipper = pushedAs(images.skipper) ?? clusterImages.skipper;
  const { ingressController: shape } = cluster;
  const ofController = { image: skipper, namespaces: cluster.namespaces, pullSecret: registry?.pullSecret };
  const controller = shape && new IngressController({ ...ofController, ...shape }, inCluster);
  const namespaceOf = namespaces(config, links, cluster);

  const addresses = config.services.map((service, index) => {
    const dependsOn = [namespaceOf(service.namespace)];
    const reference = pushedAs(images.nameFor(service)) ?? service.image ?? "";
    const image = fitting(reference, service, `services[${index}]`, surroundings);
    const pullSecret = registry?.pullSecret?.(service.namespace, { ...inCluster, dependsOn });
    const args = { service, image, folder: surroundings.folder, ingress: cluster.ingress, controller, pullSecret };
    return new Microservice(args, { ...inCluster, dependsOn }).address;
  });
  for (const { alias, namespace, plan, caCertificate } of links) {
    const dependsOn = [namespaceOf(namespace)];
    const pullSecret = registry?.pullSecret?.(namespace, { ...inCluster, dependsOn });
    const { ipFamily } = config.cluster;
    const args = { alias, namespace, target: plan, ipFamily, proxyImage: skipper, pullSecret, caCertificate };
    new PeerService(args, { ...inCluster, dependsOn });
  }

  await surroundings.extra?.({ config, provider: cluster.provider, options: inCluster, namespace: namespaceOf });
  cluster.complete();
  const given = controller === undefined ? addresses : [controller.address];

  return {
    url: cluster.url(given),
    exposedUrl: config.exposedUrl ?? cluster.exposedUrl(given),
    ...withoutUndefined({ ...cluster.access, caCertificate: cluster.caCertificate }),
    uid: cluster.uid,
    image: pushed.get(identityImage) ?? "",
    services: serviceOutputs(config),
    peers: peerOutputs(peers),
  };
}

/** What a stack finds on the machine. */
export interface Surroundings {
  /** The stack file's folder. */
  folder: string;
  /** What the engine knows of an image. @default nothing is asked, and every image is taken to be right */
  imageFacts?: (reference: string) => Promise<ImageFacts | null | undefined>;
  /** The platforms of the cluster's nodes. @default not known */
  nodePlatforms?: readonly string[];
  /** What was found of a cluster that exists. @default kind makes the cluster */
  clusterFacts?: ClusterFacts;
  /** Adds the user's own resources. @default none */
  extra?: Extra;
}

/** The image, once it is known that the cluster's nodes can run it; the service stays as it is when they can't. */
function fitting(
  reference: pulumi.Input<string>,
  service: ServiceConfig,
  place: string,
  { imageFacts, nodePlatforms }: Surroundings,
): pulumi.Input<string> {
  if (imageFacts === undefined) return reference;
  return pulumi.output(reference).apply(async (image) => {
    const facts = await imageFacts(image);
    const problem = facts ? imageProblem(image, facts, service, nodePlatforms) : undefined;
    if (problem !== undefined) throw new pulumi.RunError(`${place} (${service.namespace}/${service.name}): ${problem}`);
    return image;
  });
}

/** What pods call outside the cluster themselves: a proxy's callers stay within. Any pod may call any alias. */
function directEgress(links: readonly ResolvedPeer[], ipFamily: StackConfig["cluster"]["ipFamily"]): EgressRule[] {
  const direct = links.filter(({ plan }) => plan?.way !== "proxy").map(({ plan }) => peerEgress(plan, ipFamily));
  return [...new Map(direct.map((rule) => [JSON.stringify(rule), rule])).entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, rule]) => rule);
}

/** Returns a function that makes a namespace the first time, and returns the same one from then on. */
function namespaces(
  { services, cluster }: StackConfig,
  links: readonly ResolvedPeer[],
  { namespaces: clusterNamespaces, options }: Cluster,
) {
  const peers = directEgress(links, cluster.ipFamily);
  const proxies = links.filter(({ plan }) => plan?.way === "proxy");
  const made = new Map<string, ServiceNamespace>();
  return (name: string): ServiceNamespace => {
    const own = services.filter(({ namespace }) => namespace === name);
    const weak = own.filter((service) => service.security === "baseline").map((service) => service.name);
    const security = weak.length > 0 ? "baseline" : "restricted";
    if (weak.length > 0 && !made.has(name)) {
      void pulumi.log.info(`namespace ${name} accepts what "baseline" does, since ${weak.join(", ")} asks for it`);
    }
    const ports = {
      own: podPorts(
        own,
        proxies.some(({ namespace }) => namespace === name),
      ),
      all: podPorts(services, proxies.length > 0),
    };
    const args = { namespaces: clusterNamespaces, ports, peers, security } as const;
    const namespace = made.get(name) ?? new ServiceNamespace(name, args, options);
    made.set(name, namespace);
    return namespace;
  };
}

/** The ports that pods of services, and of proxies where there are any, listen on: each once. */
function podPorts(services: readonly ServiceConfig[], hasProxies: boolean): PodPort[] {
  const ports = services.flatMap((service) => workloadOf(service).ports);
  const all = [...(hasProxies ? [{ port: proxyPort, protocol: "TCP" as const }] : []), ...ports];
  const distinct = new Map(all.map(({ port, protocol }) => [`${port}/${protocol}`, { protocol, port }]));
  return [...distinct.values()].sort((a, b) => a.port - b.port);
}
