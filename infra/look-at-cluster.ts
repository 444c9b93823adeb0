import * as pulumi from "@pulumi/pulumi";
import type { ClusterConfig } from "../config/cluster-config.ts";
import { enginePlatform } from "./engine-images.ts";
import {
  ClusterError,
  clusterFacts,
  type ClusterFacts,
  ipFamilyProblem,
  RegistryError,
} from "./existing/cluster-facts.ts";
import { withTarget } from "./existing/existing-target.ts";
import { lookAtRegistry } from "./existing/registry-access.ts";
import { nodesLack } from "./kind/node-images.ts";

/** What a stack's program knows of its cluster before it declares anything. */
export interface ClusterSurroundings {
  /** @default kind makes the cluster */
  clusterFacts?: ClusterFacts;
  /** The platforms of its nodes, such as `linux/amd64`. @default not known */
  nodePlatforms?: readonly string[];
  /** Whether an image that this machine has is to be served by the stack's own registry. */
  nodesLackSkipper: boolean;
}

/**
 * Looks at a stack's cluster, whatever it is, and changes nothing.
 *
 * @param namespaces the stack's
 * @param images what clusters run on, and Skipper's
 * @param mayNeedProxies whether the stack has links, which proxies of Skipper may make
 * @throws ClusterError when one that exists, or its registry, can't be used
 */
export async function lookAtCluster(
  config: ClusterConfig,
  namespaces: readonly string[],
  images: { node: string; skipper: string },
  mayNeedProxies: boolean,
): Promise<ClusterSurroundings> {
  if ("context" in config) {
    const [facts, registry] = await Promise.all([
      withTarget(config, (target) => clusterFacts(target, namespaces)),
      config.registry && lookAtRegistry(config.registry),
    ]);
    const problem = ipFamilyProblem(facts, config.ipFamily);
    if (problem !== undefined) throw new ClusterError(`the context "${config.context}" (${facts.server}): ${problem}`);
    if (registry?.problem !== undefined) throw new RegistryError(registry.problem);
    if (registry?.warning !== undefined) void pulumi.log.warn(registry.warning);
    // Its nodes may be able to pull from its registry alone.
    const nodesLackSkipper = config.registry !== undefined && (config.ingress === "ours" || mayNeedProxies);
    return { clusterFacts: facts, nodePlatforms: facts.platforms, nodesLackSkipper };
  }
  const [platform, nodesLackSkipper] = await Promise.all([
    enginePlatform(),
    nodesLack(config.name, images.skipper, images.node),
  ]);
  return { nodePlatforms: platform === undefined ? undefined : [platform], nodesLackSkipper };
}
