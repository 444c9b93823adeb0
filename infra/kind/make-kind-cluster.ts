import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { ingressNamespace, type KindClusterConfig } from "../../config/cluster-config.ts";
import { hostUrl, registryPort } from "../../config/host-ports.ts";
import type { Cluster, ClusterPurpose } from "../cluster/cluster.ts";
import { managedMetadata } from "../manifest/managed-metadata.ts";
import { LocalRegistry } from "../registry/local-registry.ts";
import { registryMirror, registryName } from "../registry/registry-address.ts";
import { RegistryHint } from "../registry/registry-hint.ts";
import { ClusterMark } from "./cluster-mark.ts";
import { ingressNodePort } from "./cluster-spec.ts";
import { KindCluster } from "./kind-cluster.ts";
import { nodeNetwork } from "./network.ts";

/** Declares a kind cluster, with a registry next to it. */
export function makeKindCluster(config: KindClusterConfig, { owner, repositories, images }: ClusterPurpose): Cluster {
  const { name, httpPort } = config;
  const cluster = new KindCluster(name, {
    ...config,
    image: images.node,
    registry: registryMirror(config),
    owner,
  });
  new ClusterMark(`${name}-mark`, { cluster: name, incarnation: cluster.incarnation, owner });
  const registry = new LocalRegistry(
    registryName(name),
    {
      name: registryName(name),
      cluster: name,
      image: images.registry,
      port: registryPort(config),
      network: nodeNetwork,
      images: repositories,
      owner,
    },
    { dependsOn: [cluster] },
  );
  const provider = new k8s.Provider(name, {
    kubeconfig: cluster.kubeconfig,
    clusterIdentifier: cluster.incarnation,
    deleteUnreachable: false,
    enableServerSideApply: true,
  });
  const options = { provider, transformations: [deletedTogetherWith(provider), managedMetadata] };
  new RegistryHint({ host: registry.host }, options);
  return {
    provider,
    options,
    namespaces: {
      make: (namespace, labels, opts) =>
        namespace === builtIn
          ? undefined
          : new k8s.core.v1.Namespace(namespace, { metadata: { name: namespace, labels } }, opts),
      hasPolicies: () => true,
    },
    registry: { host: registry.host, ready: registry, resource: registry },
    ingressController: { namespace: ingressNamespace, nodePort: ingressNodePort },
    url: () => hostUrl(httpPort),
    exposedUrl: () => pulumi.interpolate`http://${cluster.node}`,
    access: { context: cluster.context },
    uid: cluster.uid,
    complete: () => undefined,
  };
}

/** This namespace exists in every cluster, and can't be created. */
const builtIn = "default";

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
