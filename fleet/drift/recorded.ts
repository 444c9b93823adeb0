import { isPlainObject } from "../../host/plain-object.ts";
import type { KubectlTarget } from "../../host/kubectl.ts";
import type { RecordedCluster } from "../../infra/cluster/recorded-cluster.ts";
import { recordedCluster } from "../../infra/recorded-cluster.ts";
import { ownResource, presentIn, type StateResource } from "../state/read-resources.ts";
import type { RecordedContent } from "./compare-object.ts";
import type { LostImage, ObjectName } from "./drift.ts";

/** An object as Pulumi recorded it when it last applied it. */
export interface RecordedObject extends ObjectName, RecordedContent {
  uid: string;
}

/** What a stack's state says of what stands. */
export interface Recorded {
  /** The cluster; undefined when the state has none. */
  cluster: RecordedCluster | undefined;
  objects: RecordedObject[];
  /** The images that were pushed to the registry. */
  images: LostImage[];
}

/**
 * Finds in a stack's state what is compared with what stands.
 *
 * @param access how a cluster that others made is found by now. @default as the state says
 */
export function recordedIn(resources: readonly StateResource[], access?: KubectlTarget): Recorded {
  const present = presentIn(resources);
  const valuesOf = (type: Parameters<typeof ownResource>[1]) => ownResource(present, type)?.outputs;
  const registry = valuesOf("kind:Registry");
  return {
    cluster: recordedCluster(
      { kindCluster: valuesOf("kind:Cluster"), registry, existingCluster: valuesOf("existing:Cluster") },
      access,
    ),
    objects: present.flatMap((resource) => recordedObject(resource) ?? []),
    images: present.flatMap((resource) => pushedImage(resource, registry?.host) ?? []),
  };
}

function recordedObject({ urn, type, inputs, outputs }: StateResource): RecordedObject | undefined {
  if (!type.startsWith("kubernetes:") || inputs === undefined || outputs === undefined) return undefined;
  const { apiVersion, kind, metadata } = outputs;
  if (typeof apiVersion !== "string" || typeof kind !== "string" || !isPlainObject(metadata)) return undefined;
  const { namespace, name, uid } = metadata;
  return {
    urn,
    apiVersion,
    kind,
    namespace: typeof namespace === "string" ? namespace : undefined,
    name: String(name),
    uid: String(uid),
    inputs,
    outputs,
  };
}

/** An image that was pushed to the stack's own registry. */
function pushedImage({ urn, type, outputs }: StateResource, registry: unknown): LostImage | undefined {
  const reference = outputs?.repoDigest;
  if (type !== "docker:index/image:Image" || typeof reference !== "string") return undefined;
  return reference.startsWith(`${String(registry)}/`) ? { urn, reference } : undefined;
}
