import type { ExistingClusterInputs } from "../../infra/existing/provider.ts";
import type { KindClusterOutputs } from "../../infra/kind/provider.ts";
import type { Engine } from "../../infra/ownership/engine.ts";
import type { FleetOwnerOutputs } from "../../infra/ownership/provider.ts";
import type { RegistryOutputs } from "../../infra/registry/provider.ts";
import { ownResource, presentIn, type StackState, type StateResource } from "./read-resources.ts";

/** What a stack's state knows of what it made. */
export interface StackKnowledge {
  /** The fleet's id. @default the state has none: it is empty, or an earlier version's */
  fleet?: string;
  /** @default the state has no cluster */
  cluster?: { name: string; image: string; incarnation?: string; engine?: Engine };
  /** The uid of the cluster's namespace kube-system, whatever made it. @default the state does not know it */
  uid?: string;
  /** @default the state has no registry */
  registry?: { name: string; image: string; container?: string };
  /** Whether nothing in it exists outside the state, as when an `up` was refused. */
  isEmpty: boolean;
}

/** The types of Pulumi's own resources, and of ours, that exist in the state alone. */
const inStateOnly =
  /^(pulumi:pulumi:|pulumi:providers:|fleet:index:|pulumi-nodejs:dynamic\/(kind:Owner|existing:(Cluster|Claim))$)/;

/** What a stack's state says. */
export function knowledgeIn({ resources, pendingOperations }: StackState): StackKnowledge {
  // The inputs of a creation that was cut short are in the pending operations alone.
  const all = [...presentIn(resources), ...pendingOperations.map((p) => p.resource)];
  const knowledge: StackKnowledge = {
    isEmpty: pendingOperations.length === 0 && resources.every(({ type }) => inStateOnly.test(type)),
  };
  const owner = ownResource(all, "kind:Owner")?.outputs as FleetOwnerOutputs | undefined;
  if (owner !== undefined) knowledge.fleet = owner.fleet;
  const cluster = valuesOf<KindClusterOutputs>(ownResource(all, "kind:Cluster"));
  if (cluster?.name !== undefined) {
    const { name, image = "", incarnation, engine } = cluster;
    knowledge.cluster = { name, image, incarnation, engine };
  }
  const { uid } = cluster ?? valuesOf<ExistingClusterInputs>(ownResource(all, "existing:Cluster")) ?? {};
  if (uid !== undefined) knowledge.uid = uid;
  const registry = valuesOf<RegistryOutputs>(ownResource(all, "kind:Registry"));
  if (registry?.name !== undefined) {
    const { name, image = "", container } = registry;
    knowledge.registry = { name, image, container };
  }
  return knowledge;
}

/** The inputs are newer than the outputs where a provider saw no difference. */
const valuesOf = <Outputs>(resource: StateResource | undefined): Partial<Outputs> | undefined =>
  resource && ({ ...resource.outputs, ...resource.inputs } as Partial<Outputs>);
